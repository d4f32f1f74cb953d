"""The cache: a folder of executables whose names say tool, version and platform. What has a name there is whole."""

from __future__ import annotations

import os
import platform
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from opa_iam import cache
from opa_iam.tools import installed, pins
from opa_iam.tools.model import Absent, Obtained, Passed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opa_iam.tools.model import Tool

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def host() -> tuple[str, str]:
    """Return operating system and architecture as Go names them."""
    machine = platform.machine().lower()
    return platform.system().lower(), _ARCHITECTURES.get(machine, machine)


def folder() -> Path:
    """Return the folder of the cache that holds programs."""
    return cache.folder("tools")


def place(name: str, version: str) -> Path:
    """Return where the cache keeps a program of a version for this platform."""
    return folder() / "-".join((name, version, *host()))


def from_cache(tool: Tool) -> Obtained:
    """Return the binary in the cache. It was run before it was put there and is not run again.

    Raises:
        Absent: there is none.
    """
    pin = pins.version(tool)
    path = place(tool.name, pin)
    if not (path.is_file() and os.access(path, os.X_OK)):
        raise Absent(f"there is no {path}")
    return Obtained(tool.name, pin, path, "cache")


@contextmanager
def landing(tool: Tool) -> Iterator[Path]:
    """Offer a place for a file; when the block ends well, the file is run and becomes the cache's binary at once.

    Whatever goes wrong, an interrupt too, the file is removed and the cache is as it was.

    Args:
        tool: what the file is going to be, at the pinned version.

    Yields:
        The place, alone in a scratch folder.

    Raises:
        Passed: the file can't be written, or the binary doesn't run or is of another version.
    """
    target = place(tool.name, pins.version(tool))
    with scratch() as temporary:
        binary = temporary / tool.name
        yield binary
        _confirm(tool, binary)
        binary.replace(target)


@contextmanager
def scratch() -> Iterator[Path]:
    """Offer a temporary folder on the cache's file system, from which files can be renamed into the cache.

    Yields:
        The folder; it is removed when the block ends.

    Raises:
        Passed: a file could not be written, in the block either.
    """
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".part-", dir=folder(), ignore_cleanup_errors=True) as temporary:
            yield Path(temporary)
    except OSError as broken:
        raise Passed(f"the cache {folder()} can't be filled: {broken}") from broken


def _confirm(tool: Tool, binary: Path) -> None:
    binary.chmod(0o755)
    found, pin = installed.version(tool, binary), pins.version(tool)
    if found != pin:
        raise Passed(f"what came is {tool.name} {found}, not {pin}")
