"""A value with the places of its parts, and what a value read from either syntax may not be."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from opa_iam.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Place = tuple[int, int]
"""Line and column, both from 1."""


class Places(Protocol):
    """What knows where the parts of a text stand."""

    def find(self, steps: list[str], *, at_key: bool) -> Place:
        """Return the place of a value or its key, or of its nearest parent that exists."""


@dataclass(frozen=True)
class Document:
    """A value read from a file.

    Attributes:
        file: the file as the user named it, `-` for standard input.
        value: what `json.loads` would give.
        offset: how many lines stand before this text in its file.
        size: how many characters a JSON text has; None for other texts.
    """

    file: str
    value: Any
    places: Places = field(repr=False, compare=False)
    offset: int = 0
    size: int | None = field(default=None, compare=False)

    def finding(  # noqa: PLR0913 - a finding's own members
        self, path: str, code: str, message: str, *, at_key: bool = False, severity: str = "ERROR", policy: str = ""
    ) -> Finding:
        """Return a finding at a JSON Pointer (RFC 6901), or at its nearest parent that exists.

        Args:
            path: where in the document.
            code: the finding's code.
            message: what is wrong.
            at_key: whether the member's name is at fault and not its value.
            severity: how grave it is.
            policy: which policy it is about.
        """
        place = self.place(path, at_key=at_key)
        return Finding(self.file, *place, path, code, message, severity=severity, policy=policy)

    def place(self, path: str, *, at_key: bool = False) -> Place:
        """Return the line and column of a value or of a member's name; see `finding`."""
        line, column = self.places.find(steps_of(path), at_key=at_key)
        return line + self.offset, column

    def at(self, path: str) -> Any:  # noqa: ANN401
        """Return the value at a JSON Pointer that is known to exist."""
        value = self.value
        for step in steps_of(path):
            value = value[int(step)] if isinstance(value, list) else value[step]
        return value


def pointer(path: str, *steps: str | int) -> str:
    """Return a JSON Pointer lengthened by member names or indices."""
    return path + "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def steps_of(path: str) -> list[str]:
    """Return a JSON Pointer's member names and indices."""
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


DEEPEST = 100
"""How many levels a document may be nested."""

TOO_DEEP = f"nested more than {DEEPEST} levels deep"


def enter(path: str) -> None:
    """Refuse a nesting long before Python's stack ends, here or in what later walks the value."""
    if path.count("/") > DEEPEST:
        raise RecursionError


HALF = re.compile("[\ud800-\udfff]")
HALF_A_PAIR = "half a surrogate pair is no character"


_Node = TypeVar("_Node")


def walk(
    root: _Node, steps: list[str], children: Callable[[_Node], Mapping[str, tuple[_Node, _Node]]]
) -> tuple[_Node, _Node]:
    """Follow a pointer's steps as far as they lead; return where the last one's key stands and where its value does."""
    key = value = root
    for step in steps:
        found = children(value).get(step)
        if found is None:
            break
        key, value = found
    return key, value


def duplicate(path: str) -> tuple[str, str]:
    """Return the code and the message for a key that stands twice."""
    return "OPA_IAM_DUPLICATE_MEMBER", f"the key '{steps_of(path)[-1]}' stands twice in one object (GRAM-5)"


class NoNumber(str):
    """NaN and infinities, which JSON has not, and numbers so large that they would become one of these."""

    __slots__ = ()

    @property
    def fault(self) -> str:
        """What is wrong with it, in words."""
        return f"{self:.20} is not a number in JSON, or too large a one"


def integer(text: str) -> int | NoNumber:
    """Return the integer that a text is."""
    try:
        return int(text)
    except ValueError:  # Python's limit of digits
        return NoNumber(text)


def finite(text: str) -> float | NoNumber:
    """Return the number that a text is, where a float can hold it."""
    if text.lower().endswith((".inf", ".nan")):  # YAML's spelling
        return NoNumber(text)
    number = float(text)
    return number if math.isfinite(number) else NoNumber(text)
