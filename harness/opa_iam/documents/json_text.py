"""JSON, strict, and where its parts stand."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any, cast

from opa_iam.documents.model import (
    DEEPEST,
    HALF,
    HALF_A_PAIR,
    TOO_DEEP,
    Document,
    NoNumber,
    Place,
    duplicate,
    enter,
    finite,
    integer,
    pointer,
    walk,
)
from opa_iam.errors import DocumentError, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BLANKS = re.compile(r"[ \t\n\r,:]*")
_DECODER = json.JSONDecoder(parse_int=str)  # for where a value ends, whatever its size


def parse_json(text: str, file: str, offset: int = 0) -> Document:
    """Return the document in a JSON text; see `read` for what it raises."""
    odd: list[object] = []
    try:
        value = json.loads(
            text,
            object_pairs_hook=partial(_object, odd),
            parse_constant=partial(_number, odd, NoNumber),
            parse_float=partial(_number, odd, finite),
            parse_int=partial(_number, odd, integer),
        )
        is_clean = not odd and "\\u" not in text and not HALF.search(text) and _is_shallow(value, 0)
        faults = [] if is_clean else list(_faults(value, ""))
    except json.JSONDecodeError as error:
        finding = Finding(file, error.lineno + offset, error.colno, "", "JSON_SYNTAX_ERROR", error.msg)
        raise DocumentError([finding]) from error
    except RecursionError as error:
        raise DocumentError([Finding(file, 1 + offset, 1, "", "JSON_SYNTAX_ERROR", TOO_DEEP)]) from error

    document = Document(file, value, _JsonPlaces(text), offset, len(text))
    findings = [document.finding(*fault, at_key=at_key) for at_key, *fault in faults]
    if findings:
        raise DocumentError(findings)
    return document


class _Repeating(dict[str, Any]):
    """An object with a key that stands in it more than once."""

    repeated: list[str]


def _object(odd: list[object], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    names = [name for name, _ in pairs]
    repeating = _Repeating(value)
    repeating.repeated = sorted({name for name in names if names.count(name) > 1})
    odd.append(repeating)
    return repeating


def _number(odd: list[object], read: Callable[[str], Any], text: str) -> Any:  # noqa: ANN401
    value = read(text)
    if isinstance(value, NoNumber):
        odd.append(value)
    return value


def _is_shallow(value: Any, depth: int) -> bool:  # noqa: ANN401
    """Tell whether `_faults` would go through the whole value: it does it for every path, which takes long."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return True
    return not value or (depth < DEEPEST and all(_is_shallow(item, depth + 1) for item in value))


def _faults(value: Any, path: str) -> Iterator[tuple[bool, str, str, str]]:  # noqa: ANN401
    """Yield whether a key is at fault, the path, the code and the message of what `json.loads` lets pass."""
    enter(path)
    if isinstance(value, NoNumber):
        yield False, path, "JSON_SYNTAX_ERROR", value.fault
    elif isinstance(value, str) and HALF.search(value):
        yield False, path, "JSON_SYNTAX_ERROR", HALF_A_PAIR
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(item, pointer(path, index))
    elif isinstance(value, dict):
        for name in getattr(value, "repeated", ()):
            yield True, pointer(path, name), *duplicate(pointer(path, name))
        for name, member in value.items():
            if HALF.search(name):
                yield False, path, "JSON_SYNTAX_ERROR", f"in a key, {HALF_A_PAIR}"
            yield from _faults(member, pointer(path, name))


class _JsonPlaces:
    """Places in a JSON text, found on demand; each object and array is gone through once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._children = cache(lambda start: {name: (key, value) for name, key, value in _json_children(text, start)})

    @cached_property
    def _lines(self) -> list[int]:
        """The offsets at which lines begin."""
        return [0, *(found.end() for found in re.finditer("\n", self._text))]

    def find(self, steps: list[str], *, at_key: bool) -> Place:
        """Return the place of a value or its key, or of its nearest parent that exists."""
        key, start = walk(_skip(self._text, 0), steps, self._children)
        at = key if at_key else start
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1


def _json_children(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Yield name, start of the key and start of the value for each child of the object or array at an offset.

    Of a name that stands twice the last one holds, and is the one too many.
    """
    if text[start] not in "{[":
        return
    in_object, index, at = text[start] == "{", 0, _skip(text, start + 1)
    while text[at] not in "}]":
        key, name = at, str(index)
        if in_object:
            name, at = _DECODER.raw_decode(text, at)
            at = _skip(text, at)
        yield name, key, at
        _, at = _DECODER.raw_decode(text, at)
        index, at = index + 1, _skip(text, at)


def _skip(text: str, at: int) -> int:
    return cast("re.Match[str]", _BLANKS.match(text, at)).end()
