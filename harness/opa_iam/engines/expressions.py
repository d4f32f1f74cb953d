"""A module of OPA's with its cache of regular expressions mended.

OPA's WebAssembly keeps a hundred compiled expressions. While it has as many, it frees one whenever one is used, and
that may be the one in use (`reuse` in OPA's wasm/src/regex.cc): a query of many patterns traps, or has no end. With no
bound but memory nothing is freed, and a host can leave what is compiled to the next query. The bound is the one
constant of its value in that function; the module says itself where its functions are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = 8  # magic and version
_CUSTOM, _IMPORTS, _CODE = 0, 2, 10  # sections
_FUNCTION, _MEMORY = 0, 2  # imports; OPA's modules have no others
_NAMES_OF_FUNCTIONS = 1  # a part of the section "name"

_FUNCTION_NAME = b"reuse(re2::RE2*)"
_HUNDRED = b"\x41\xe4\x00\x49"  # i32.const 100, i32.lt_u: whether there are fewer than a hundred
_ANY = b"\x41\x80\x7f\x49"  # i32.const -128, i32.lt_u: compared without a sign, that is more than there can be


def mended(module: bytes) -> bytes | None:
    """Return a module that keeps all expressions; None where it is not as OPA's are, or no module at all."""
    try:
        body = _body(module, _FUNCTION_NAME)
    except (IndexError, ValueError):
        return None
    if body is None or module.count(_HUNDRED, *body) != 1:
        return None
    place = module.index(_HUNDRED, *body)
    return module[:place] + _ANY + module[place + len(_HUNDRED) :]


def _body(module: bytes, name: bytes) -> tuple[int, int] | None:
    """Return where the code of a function starts and ends."""
    imported, bodies, index = 0, [], None
    for kind, start, end in _sections(module):
        if kind == _IMPORTS:
            imported = _imported_functions(_Reader(module, start))
        elif kind == _CODE:
            bodies = _bodies(_Reader(module, start))
        elif kind == _CUSTOM and index is None:
            index = _function(_Reader(module, start), end, name)
    place = -1 if index is None else index - imported
    return bodies[place] if 0 <= place < len(bodies) else None


class _Reader:
    """Reads what stands in a module one behind the other."""

    def __init__(self, module: bytes, place: int) -> None:
        self._module = module
        self.place = place

    def byte(self) -> int:
        self.place += 1
        return self._module[self.place - 1]

    def number(self) -> int:
        """Read an unsigned number: seven bits a byte, the lowest first."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if not byte & 0x80:
                return value
            shift += 7

    def text(self) -> bytes:
        length = self.number()
        self.place += length
        return self._module[self.place - length : self.place]


def _sections(module: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield each section's kind, start and end."""
    reader = _Reader(module, _HEADER)
    while reader.place < len(module):
        kind, length = reader.byte(), reader.number()
        yield kind, reader.place, reader.place + length
        reader.place += length


def _imported_functions(reader: _Reader) -> int:
    count = 0
    for _ in range(reader.number()):
        reader.text()
        reader.text()
        kind = reader.byte()
        if kind == _FUNCTION:
            reader.number()
            count += 1
        elif kind == _MEMORY:
            has_most = reader.byte() & 1
            for _ in range(1 + has_most):
                reader.number()
        else:
            raise ValueError(f"an import of kind {kind}")
    return count


def _bodies(reader: _Reader) -> list[tuple[int, int]]:
    found = []
    for _ in range(reader.number()):
        length = reader.number()
        found.append((reader.place, reader.place + length))
        reader.place += length
    return found


def _function(reader: _Reader, end: int, name: bytes) -> int | None:
    """Return the index of the function that a section "name" calls by a name."""
    if reader.text() != b"name":
        return None
    while reader.place < end:
        part, length = reader.byte(), reader.number()
        if part != _NAMES_OF_FUNCTIONS:
            reader.place += length
            continue
        for _ in range(reader.number()):
            index = reader.number()
            if reader.text() == name:
                return index
    return None
