"""What can go wrong, as one tree of exceptions.

    OpaIamError
    ├── InputError      the user's mistake: a file, an option, a request       exit code 2
    │   └── DocumentError   findings in documents, each with file, line, JSON path
    ├── VerificationError   a bundle is not what was signed                  exit code 1
    ├── ToolError       an outside program (OPA, Conftest) can't be had        exit code 3
    └── EngineError     an engine did not start, did not answer, or broke      exit code 3

The command line prints the message and exits with the code; nothing else is ever shown for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class OpaIamError(Exception):
    """Base of every exception that opa-iam raises on purpose."""

    exit_code: ClassVar[int] = 2


class InputError(OpaIamError):
    """A file, an option or a request is not what it must be."""


class Location(NamedTuple):
    """A place in a finding's document: a JSON Pointer, and its line and column, both from 1."""

    path: str
    line: int
    column: int


@dataclass(frozen=True, order=True)
class Finding:
    """One thing wrong in one document.

    Attributes:
        file: the file as the user named it.
        line: 1-based line; 0 where the place is not known.
        column: 1-based column; 0 where the place is not known.
        path: JSON Pointer (RFC 6901) into the file.
        code: a stable name; AWS's own issue code where ValidatePolicy has one.
        message: what is wrong and what would be right.
        severity: ERROR, SECURITY_WARNING, WARNING or SUGGESTION, the finding types of AWS's ValidatePolicy.
        mend: what to write instead, where that is known.
        locations: every place that the finding is about, the one above first; empty for that one alone.
        policy: the name or ARN of the policy that it is about, where it has one.
    """

    file: str
    line: int
    column: int
    path: str
    code: str
    message: str
    severity: str = "ERROR"
    mend: str = ""
    locations: tuple[Location, ...] = ()
    policy: str = ""

    @property
    def places(self) -> tuple[Location, ...]:
        """Every place that it is about."""
        return self.locations or (Location(self.path, self.line, self.column),)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        pointer = f" at {self.path}" if self.path else ""
        return f"{place}: {self.code}{pointer}: {self.message}"


class DocumentError(InputError):
    """Documents that can't be used; carries every finding, not just the first."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__("\n".join(map(str, self.findings)))


class VerificationError(OpaIamError):
    """A bundle is not what its key's owner has signed; carries every reason, not just the first."""

    exit_code: ClassVar[int] = 1

    def __init__(self, place: object, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(f"{place}: {reason}" for reason in self.reasons))


class ToolError(OpaIamError):
    """An outside program is missing and can't be obtained, or is of the wrong version."""

    exit_code: ClassVar[int] = 3


class EngineError(OpaIamError):
    """An engine could not be started, could not be reached, or gave no decision."""

    exit_code: ClassVar[int] = 3
