"""The digests by which a signature names a bundle's files.

OPA takes that of a data file's value, so that blanks and the order of members don't count: objects with their names in
order, no blanks, numbers as they are spelt, texts as Go writes them. Of any other file it takes that of the bytes.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from opa_iam.signing.tokens import once

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGITS = 18
_VALUES = ("data.json", ".manifest")
_UNREADABLE = ("data.yaml", "data.yml")
_HASHES = {"SHA-256": hashlib.sha256, "SHA-384": hashlib.sha384, "SHA-512": hashlib.sha512}

ALGORITHM = "SHA-256"
"""The one that is taken for signing."""


class _Number(str):
    """A number as it is spelt."""

    __slots__ = ()


def of_file(name: str, content: bytes, algorithm: str = ALGORITHM) -> str:
    """Return the digest of a bundle's file, in hexadecimal digits.

    Raises:
        ValueError: the algorithm is weak or unknown, or a data file is not JSON.
    """
    if algorithm not in _HASHES:
        raise ValueError(f"its digest is of the algorithm {algorithm}, and not of {', '.join(_HASHES)}")
    base = PurePosixPath(name).name
    if base in _UNREADABLE:
        raise ValueError("it is YAML, of which a signature can't be told for sure: `opa build` makes JSON of it")
    text = content if base not in _VALUES else _canonical(content)
    return _HASHES[algorithm](text).hexdigest()


def _canonical(content: bytes) -> bytes:
    """Return a JSON text in the form of which OPA takes the digest: at once where all numbers are plain integers."""
    spelt: list[str] = []

    def number(text: str) -> _Number:
        spelt.append(text)
        return _Number(text)

    def integer(text: str) -> int | _Number:
        return int(text) if len(text) <= _DIGITS and text != "-0" else number(text)

    try:
        value = json.loads(
            content.decode(),
            parse_int=integer,
            parse_float=number,
            parse_constant=_no_constant,
            object_pairs_hook=once,
        )
        if not spelt:
            with suppress(UnicodeEncodeError):  # of half a surrogate pair
                return _escaped(json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)).encode()
        return b"".join(_written(value))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no JSON: {error}") from error


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} is no number")


def _written(value: object) -> Iterator[bytes]:
    if isinstance(value, _Number):
        yield value.encode()
    elif isinstance(value, str):
        yield _text(value)
    elif isinstance(value, dict):
        for index, name in enumerate(sorted(value)):
            yield b"," if index else b"{"
            yield _text(name) + b":"
            yield from _written(value[name])
        yield b"}" if value else b"{}"
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield b"," if index else b"["
            yield from _written(item)
        yield b"]" if value else b"[]"
    else:
        yield json.dumps(value).encode()


def _text(value: str) -> bytes:
    """Return a text as Go writes it: the two line separators escaped, half a surrogate pair replaced."""
    try:
        value.encode()
    except UnicodeEncodeError:
        value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _escaped(json.dumps(value, ensure_ascii=False)).encode()


def _escaped(text: str) -> str:
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
