"""Gzipped tar archives, as OPA reads and writes bundles: equal files give equal bytes."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from typing import TYPE_CHECKING

from opa_iam.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return an archive of files by their names, in the order of these, and with no time or owner in it."""
    whole = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=whole, mode="wb", filename="", mtime=0) as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(f"/{name}")
            member.size, member.mode = len(content), 0o600
            archive.addfile(member, io.BytesIO(content))
    return whole.getvalue()


def entries(place: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive in its order: their names as OPA calls them, and their contents.

    Raises:
        EngineError: it is no archive.
    """
    for name, is_file, content in members(place):
        if is_file:
            yield name.removeprefix("./").lstrip("/"), content


def members(place: Path) -> Iterator[tuple[str, bool, bytes]]:
    """Yield what an archive has besides folders: the name as it stands there, whether it is a file, its content.

    Raises:
        EngineError: it is no archive.
    """
    try:
        with tarfile.open(place) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isreg() else None
                if not member.isdir():
                    yield member.name, file is not None, file.read() if file else b""
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise EngineError(f"{place}: no bundle: {error}") from error
