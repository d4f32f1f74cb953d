"""Programs that are there already: the one an environment variable names, or the one on PATH."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from opa_iam.errors import ToolError
from opa_iam.tools import pins
from opa_iam.tools.model import Absent, Obtained, Passed

if TYPE_CHECKING:
    from opa_iam.tools.model import Tool

_PATIENCE = 20  # seconds; an answer takes milliseconds, but a first run may wait for a virus scanner


def from_environment(tool: Tool) -> Obtained:
    """Return the binary that the tool's environment variable names.

    Raises:
        Absent: the variable is not set.
        ToolError: it is set and names nothing that can be used.
    """
    value = os.environ.get(tool.variable)
    if not value:
        raise Absent(f"{tool.variable} is not set")
    path = Path(value).expanduser()
    if not path.is_file():
        raise ToolError(f"{tool.variable}: there is no file {value}")
    try:
        found = version(tool, path)
    except Passed as broken:
        raise ToolError(f"{tool.variable}: {broken}") from broken
    if not pins.fits(found, pins.version(tool)):
        raise ToolError(f"{tool.variable}: {path} is {tool.name} {found}; {wanted(tool)} is needed")
    return Obtained(tool.name, found, path.absolute(), "environment")


def from_path(tool: Tool) -> Obtained:
    """Return the binary on PATH.

    Raises:
        Absent: there is none.
        Passed: it doesn't run or its version doesn't fit.
    """
    where = shutil.which(tool.name)
    if where is None:
        raise Absent(f"there is no {tool.name} on PATH")
    found = version(tool, Path(where))
    if not pins.fits(found, pins.version(tool)):
        raise Passed(f"{where} is {tool.name} {found}; {wanted(tool)} is needed")
    return Obtained(tool.name, found, Path(where).absolute(), "PATH")


def wanted(tool: Tool) -> str:
    """Name the versions that fit, for a message."""
    pin = pins.version(tool)
    return f"{pin} or a later {pin.split('.')[0]}.x"


def version(tool: Tool, path: Path) -> str:
    """Run a binary and return the version that it says it is.

    Raises:
        Passed: it can't be run, doesn't end, fails, or says no version.
    """
    answer = said(path, *tool.ask)
    match = re.search(rf"^{tool.label}: v?(\d\S*)", answer, re.MULTILINE)
    if match is None:
        raise Passed(f"{path} doesn't say that it is {tool.name} of any version")
    return match[1]


def said(path: Path, *arguments: str) -> str:
    """Run a binary, briefly, and return what it prints.

    Raises:
        Passed: it can't be run, doesn't end, or fails.
    """
    command = " ".join((str(path), *arguments))
    try:
        # S603: running what the user put on PATH, named, or let us obtain is the purpose of this package.
        ran = subprocess.run(  # noqa: S603
            (path, *arguments), capture_output=True, check=True, stdin=subprocess.DEVNULL, timeout=_PATIENCE
        )
    except OSError as broken:
        raise Passed(f"{path} can't be run: {broken.strerror}") from broken
    except subprocess.TimeoutExpired as broken:
        raise Passed(f"`{command}` did not end within {_PATIENCE} s") from broken
    except subprocess.CalledProcessError as broken:
        raise Passed(f"`{command}` failed with exit code {broken.returncode}") from broken
    return ran.stdout.decode(errors="replace")
