"""What the ways to a program share: which programs there are, what a way hands back, how it says that it can't."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from opa_iam.errors import ToolError

if TYPE_CHECKING:
    from pathlib import Path

Origin = Literal["environment", "PATH", "cache", "release", "build"]
Report = Callable[[str], None]


@dataclass(frozen=True)
class Tool:
    """An outside program.

    Attributes:
        name: the name of its executable.
        module: its Go module, which is also its main package.
        folder: the folder below `tools/` whose `go.mod` pins it.
        ask: the arguments that make it print its version.
        label: the word before the version in what it prints.
        version_variable: the Go variable that a build has to set to the version; empty where the source says it.
    """

    name: str
    module: str
    folder: str
    ask: tuple[str, ...]
    label: str
    version_variable: str = ""

    @property
    def variable(self) -> str:
        """The environment variable that names a binary to use."""
        return f"OPA_IAM_{self.name.upper()}"


TOOLS = {
    "opa": Tool("opa", "github.com/open-policy-agent/opa", ".", ("version",), "Version"),
    "conftest": Tool(
        "conftest",
        "github.com/open-policy-agent/conftest",
        "conftest",
        ("--version",),
        "Conftest",
        version_variable="github.com/open-policy-agent/conftest/internal/version.Version",
    ),
}


@dataclass(frozen=True)
class Obtained:
    """A program that is there and fits.

    Attributes:
        name: the program, `opa` or `conftest`.
        version: what it says of itself; for one from the cache, what it said when it was put there.
        path: the executable.
        origin: the way it was obtained.
    """

    name: str
    version: str
    path: Path
    origin: Origin


class Passed(ToolError):  # noqa: N818 a turn in the search, not an error yet
    """This way can't give the program, another may: the search goes on. Its message is the reason."""


class Absent(Passed):
    """There was nothing to be found this way; not worth a line to the user as long as another way works."""
