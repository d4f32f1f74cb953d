"""Reading JSON and YAML: values, and the place of each.

JSON is strict (RFC 8259, no NaN). YAML is read by the core schema of YAML 1.2, so that `2012-10-17` and `on` are
strings; a mapping's keys are always strings. A key given twice is an error in both (GRAM-5), since neither a JSON nor a
YAML parser would tell which one holds.
"""

from __future__ import annotations

import json
import math
import re
import sys
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import yaml

from opa_iam.errors import DocumentError, Finding, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Place = tuple[int, int]
"""Line and column, both from 1."""


class _Places(Protocol):
    """What knows where the parts of a text stand."""

    def find(self, steps: list[str], *, at_key: bool) -> Place: ...


@dataclass(frozen=True)
class Document:
    """A value read from a file.

    Attributes:
        file: the file as the user named it, `-` for standard input.
        value: what `json.loads` would give.
        offset: how many lines stand before this text in its file.
    """

    file: str
    value: Any
    places: _Places = field(repr=False, compare=False)
    offset: int = 0

    def finding(self, path: str, code: str, message: str, *, at_key: bool = False) -> Finding:
        """Return a finding at a JSON Pointer (RFC 6901), or at its nearest parent that exists.

        Args:
            path: where in the document.
            code: the finding's code.
            message: what is wrong.
            at_key: whether the member's name is at fault and not its value.
        """
        return Finding(self.file, *self.place(path, at_key=at_key), path, code, message)

    def place(self, path: str, *, at_key: bool = False) -> Place:
        """Return the line and column of a value or of a member's name; see `finding`."""
        line, column = self.places.find(_steps(path), at_key=at_key)
        return line + self.offset, column

    def at(self, path: str) -> Any:  # noqa: ANN401
        """Return the value at a JSON Pointer that is known to exist."""
        value = self.value
        for step in _steps(path):
            value = value[int(step)] if isinstance(value, list) else value[step]
        return value


def read(file: str) -> Document:
    """Read a JSON or YAML file, by its ending; standard input (`-`) is told by its content.

    Raises:
        InputError: the file can't be read.
        DocumentError: it is not well-formed, or a key stands twice in one object.
    """
    text = read_text(file)
    if file.endswith((".json", ".jsonl")) or (file == "-" and text.lstrip().startswith(("{", "["))):
        return parse_json(text, file)
    return parse_yaml(text, file)


def read_text(file: str) -> str:
    """Return a file's text (UTF-8, with or without a mark); `-` is standard input.

    Raises:
        InputError: the file can't be read or is not UTF-8.
    """
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: not UTF-8 text (byte {error.start})") from error


def parse_json(text: str, file: str, offset: int = 0) -> Document:
    """Return the document in a JSON text; see `read` for what it raises."""
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_NoNumber, parse_float=_finite, parse_int=_integer
        )
        faults = list(_faults(value, ""))
    except json.JSONDecodeError as error:
        finding = Finding(file, error.lineno + offset, error.colno, "", "JSON_SYNTAX_ERROR", error.msg)
        raise DocumentError([finding]) from error
    except RecursionError as error:
        raise DocumentError([Finding(file, 1 + offset, 1, "", "JSON_SYNTAX_ERROR", _TOO_DEEP)]) from error

    document = Document(file, value, _JsonPlaces(text), offset)
    findings = [document.finding(*fault, at_key=at_key) for at_key, *fault in faults]
    if findings:
        raise DocumentError(findings)
    return document


def parse_yaml(text: str, file: str) -> Document:
    """Return the document in a YAML text; see `read` for what it raises."""
    findings: list[Finding] = []
    try:
        root = _yaml_root(text)
        value = _Construction(file, findings).value(root, "") if root else None
    except _YamlSyntaxError as error:
        raise DocumentError([Finding(file, *error.place, "", "YAML_SYNTAX_ERROR", str(error))]) from error
    except RecursionError as error:
        raise DocumentError([Finding(file, 1, 1, "", "YAML_SYNTAX_ERROR", _TOO_DEEP)]) from error
    if findings:
        raise DocumentError(findings)
    return Document(file, value, _YamlPlaces(root))


def pointer(path: str, *steps: str | int) -> str:
    """Return a JSON Pointer lengthened by member names or indices."""
    return path + "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def _steps(path: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


_DEEPEST = 100
_TOO_DEEP = f"nested more than {_DEEPEST} levels deep"


def _enter(path: str) -> None:
    """Refuse a nesting long before Python's stack ends, here or in what later walks the value."""
    if path.count("/") > _DEEPEST:
        raise RecursionError


_HALF = re.compile("[\ud800-\udfff]")
_HALF_A_PAIR = "half a surrogate pair is no character"


def _duplicate(path: str) -> tuple[str, str]:
    return "DUPLICATE_KEY", f"the key '{_steps(path)[-1]}' stands twice in one object (GRAM-5)"


# JSON ---------------------------------------------------------------------------------------------------------------

_BLANKS = re.compile(r"[ \t\n\r,:]*")
_DECODER = json.JSONDecoder(parse_int=str)  # for where a value ends, whatever its size


class _Repeating(dict[str, Any]):
    """An object with a key that stands in it more than once."""

    repeated: list[str]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    names = [name for name, _ in pairs]
    repeating = _Repeating(value)
    repeating.repeated = sorted({name for name in names if names.count(name) > 1})
    return repeating


class _NoNumber(str):
    """NaN and infinities, which JSON has not, and numbers so large that they would become one of these."""

    __slots__ = ()


def _integer(text: str) -> int | _NoNumber:
    try:
        return int(text)
    except ValueError:  # Python's limit of digits
        return _NoNumber(text)


def _finite(text: str) -> float | _NoNumber:
    if text.lower().endswith((".inf", ".nan")):  # YAML's spelling
        return _NoNumber(text)
    number = float(text)
    return number if math.isfinite(number) else _NoNumber(text)


def _faults(value: Any, path: str) -> Iterator[tuple[bool, str, str, str]]:  # noqa: ANN401
    """Yield whether a key is at fault, the path, the code and the message of what `json.loads` lets pass."""
    _enter(path)
    if isinstance(value, _NoNumber):
        yield False, path, "JSON_SYNTAX_ERROR", f"{value:.20} is not a number in JSON, or too large a one"
    elif isinstance(value, str) and _HALF.search(value):
        yield False, path, "JSON_SYNTAX_ERROR", _HALF_A_PAIR
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(item, pointer(path, index))
    elif isinstance(value, dict):
        for name in getattr(value, "repeated", ()):
            yield True, pointer(path, name), *_duplicate(pointer(path, name))
        for name, member in value.items():
            if _HALF.search(name):
                yield False, path, "JSON_SYNTAX_ERROR", f"in a key, {_HALF_A_PAIR}"
            yield from _faults(member, pointer(path, name))


class _JsonPlaces:
    """Places in a JSON text, found on demand; each object and array is gone through once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._children = cache(lambda start: {name: places for name, *places in _json_children(text, start)})

    @cached_property
    def _lines(self) -> list[int]:
        """The offsets at which lines begin."""
        return [0, *(found.end() for found in re.finditer("\n", self._text))]

    def find(self, steps: list[str], *, at_key: bool) -> Place:
        """Return the place of a value or its key, or of its nearest parent that exists."""
        key = start = _skip(self._text, 0)
        for step in steps:
            found = self._children(start).get(step)
            if found is None:
                break
            key, start = found
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


# YAML ---------------------------------------------------------------------------------------------------------------


class _CoreLoader(yaml.SafeLoader):
    """YAML 1.1's grammar with the scalars of YAML 1.2's core schema."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


_SCALARS: dict[str, tuple[str, str, Callable[[str], Any]]] = {
    "tag:yaml.org,2002:null": ("~nN", r"~|null|Null|NULL|", lambda _: None),
    "tag:yaml.org,2002:bool": ("tTfF", r"true|True|TRUE|false|False|FALSE", lambda text: text.lower() == "true"),
    "tag:yaml.org,2002:int": ("-+0123456789", r"[-+]?(0|[1-9][0-9]*)", _integer),
    "tag:yaml.org,2002:float": (
        "-+.0123456789",
        r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        _finite,
    ),
    "tag:yaml.org,2002:str": ("", "", str),
}

for _tag, (_first, _shape, _) in _SCALARS.items():
    if _shape:
        _CoreLoader.add_implicit_resolver(_tag, re.compile(f"^(?:{_shape})$"), [*_first, ""])


class _YamlSyntaxError(Exception):
    """A text is not YAML, and where."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.place = place


def _line_column(text: str, at: int) -> Place:
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def _yaml_root(text: str) -> yaml.Node | None:
    try:
        loader = _CoreLoader(text)
    except yaml.reader.ReaderError as error:
        message = f"the character U+{error.character:04X} can't stand in YAML"
        raise _YamlSyntaxError(message, _line_column(text, error.position)) from error
    try:
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or loader.get_mark()
        raise _YamlSyntaxError(error.problem or "not YAML", (mark.line + 1, mark.column + 1)) from error
    except ValueError as error:  # an escape beyond Unicode's last character
        raise _YamlSyntaxError("there is no such character", (loader.line + 1, loader.column + 1)) from error


@dataclass(frozen=True)
class _Construction:
    """Plain values from YAML nodes; what can't be one becomes a finding."""

    file: str
    findings: list[Finding]
    open: set[int] = field(default_factory=set)
    done: dict[int, Any] = field(default_factory=dict)

    def value(self, node: yaml.Node, path: str) -> Any:  # noqa: ANN401
        """Return a node's value; an alias gives the very value of its anchor."""
        _enter(path)
        identity = id(node)
        if identity in self.open:
            return self._report(node, path, "an anchor holds an alias of itself")
        if identity not in self.done:
            self.open.add(identity)
            self.done[identity] = self._construct(node, path)
            self.open.discard(identity)
        return self.done[identity]

    def _construct(self, node: yaml.Node, path: str) -> Any:  # noqa: ANN401
        if isinstance(node, yaml.MappingNode) and node.tag == "tag:yaml.org,2002:map":
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
            return [self.value(item, pointer(path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS:
            return self._scalar(node, path)
        return self._report(node, path, f"the tag {node.tag} means nothing here")

    def _scalar(self, node: yaml.ScalarNode, path: str) -> Any:  # noqa: ANN401
        _, shape, construct = _SCALARS[node.tag]
        if shape and not re.fullmatch(shape, node.value):
            return self._report(node, path, f"'{node.value:.20}' is not what its tag says")
        if _HALF.search(node.value):
            return self._report(node, path, _HALF_A_PAIR)
        value = construct(node.value)
        if isinstance(value, _NoNumber):
            return self._report(node, path, f"{value:.20} is not a number in JSON, or too large a one")
        return value

    def _mapping(self, node: yaml.MappingNode, path: str) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag not in _SCALARS or _HALF.search(key.value):
                self._report(key, path, "a key must be a plain text")
                continue
            place = pointer(path, key.value)
            if key.value in result:
                self.findings.append(_finding(self.file, key, place, *_duplicate(place)))
            result[key.value] = self.value(value, place)
        return result

    def _report(self, node: yaml.Node, path: str, message: str) -> None:
        self.findings.append(_finding(self.file, node, path, "YAML_SYNTAX_ERROR", message))


def _finding(file: str, node: yaml.Node, path: str, code: str, message: str) -> Finding:
    return Finding(file, *_mark(node), path, code, message)


class _YamlPlaces:
    """Places in a YAML text; each mapping and sequence is gone through once."""

    def __init__(self, root: yaml.Node | None) -> None:
        self._root = root
        self._children = cache(lambda node: dict(_yaml_children(node)))

    def find(self, steps: list[str], *, at_key: bool) -> Place:
        """Return the place of a value or its key, or of its nearest parent that exists."""
        if self._root is None:
            return 1, 1
        key = node = self._root
        for step in steps:
            found = self._children(node).get(step)
            if found is None:
                break
            key, node = found
        return _mark(key if at_key else node)


def _yaml_children(node: yaml.Node) -> Iterator[tuple[str, tuple[yaml.Node, yaml.Node]]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, (key, value)) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from ((str(index), (item, item)) for index, item in enumerate(node.value))


def _mark(node: yaml.Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1
