"""The outside programs, OPA and Conftest, at the versions that the files under `tools/` pin.

Five ways lead to a program, tried in this order; the first that works is taken:

    environment   OPA_IAM_OPA or OPA_IAM_CONFTEST names a binary; if that can't be used, nothing else is tried
    path          one on PATH whose version fits: the pin's major number, and not older than the pin
    cache         one that an earlier call put into the cache (OPA_IAM_CACHE names another folder for it)
    release       the official release, downloaded and checked
    build         a static build from the pinned Go modules

OPA_IAM_TOOLS_WITHOUT forbids any of the last four, separated by commas.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from opa_iam.errors import InputError, ToolError
from opa_iam.tools import gobuild, installed, pins, release, store
from opa_iam.tools.model import TOOLS, Absent, Obtained, Passed, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from opa_iam.tools.model import Report

__all__ = ["Obtained", "at_hand", "names", "obtain", "pinned"]

_Way = tuple[str, "Callable[[Tool, Report], Obtained]"]
_WAYS: tuple[_Way, ...] = (
    ("environment", lambda tool, _: installed.from_environment(tool)),
    ("path", lambda tool, _: installed.from_path(tool)),
    ("cache", lambda tool, _: store.from_cache(tool)),
    ("release", release.from_release),
    ("build", gobuild.from_build),
)
_AT_HAND = ("environment", "path", "cache")
_WITHOUT = "OPA_IAM_TOOLS_WITHOUT"


def names() -> tuple[str, ...]:
    """Return the names of the outside programs."""
    return tuple(TOOLS)


def pinned(name: str) -> str:
    """Return the version at which a program is pinned.

    Raises:
        InputError: there is no such program.
        ToolError: the file that should pin it is missing or doesn't.
    """
    return pins.version(_tool(name))


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201 the default way to tell the user


def obtain(name: str, report: Report = _to_stderr) -> Obtained:
    """Find, download or build an outside program of a version that fits.

    Args:
        name: one of `names()`.
        report: called with one short line for each step that takes time or that the user should know of.

    Returns:
        The program, ready to be run.

    Raises:
        InputError: there is no such program, or OPA_IAM_TOOLS_WITHOUT names a way that doesn't exist.
        ToolError: every way failed; or the binary that the environment names is unusable; or a download is not what
            was published.
    """
    tool = _tool(name)
    forbidden = _forbidden()
    reasons: list[str] = []
    for way, attempt in _WAYS:
        try:
            if way in forbidden:
                raise Absent(f"forbidden by {_WITHOUT}")
            return attempt(tool, report)
        except Passed as passed:
            reasons.append(f"  {way}: {passed}".replace("\n", "\n    "))
            if not isinstance(passed, Absent):
                report(f"{name}: {way} passed over: {str(passed).splitlines()[0]}")
    raise ToolError("\n".join((f"{name} {pinned(name)} can't be had:", *reasons, _advice(tool))))


def at_hand(name: str) -> Obtained | None:
    """Find an outside program of a version that fits where nothing has to be downloaded or built.

    Raises:
        InputError: there is no such program, or OPA_IAM_TOOLS_WITHOUT names a way that doesn't exist.
        ToolError: the binary that the environment names is unusable.
    """
    tool = _tool(name)
    forbidden = _forbidden()
    for way, attempt in _WAYS:
        if way in _AT_HAND and way not in forbidden:
            try:
                return attempt(tool, _to_stderr)
            except Passed:
                continue
    return None


def _tool(name: str) -> Tool:
    if name not in TOOLS:
        raise InputError(f"{name} is no outside program of opa-iam; they are {', '.join(TOOLS)}")
    return TOOLS[name]


def _forbidden() -> set[str]:
    """Return the ways that the user forbids.

    Raises:
        InputError: one of them is not a way.
    """
    words = {word.strip().lower() for word in os.environ.get(_WITHOUT, "").split(",")} - {""}
    known = [way for way, _ in _WAYS[1:]]
    if unknown := sorted(words.difference(known)):
        raise InputError(f"{_WITHOUT}: no way is called {', '.join(unknown)}; the ways are {', '.join(known)}")
    return words


def _advice(tool: Tool) -> str:
    return (
        f"Install {tool.name} {installed.wanted(tool)} on PATH, or name its binary in {tool.variable}; "
        f"or, for a build, install Go {pins.go(tool)} or later."
    )
