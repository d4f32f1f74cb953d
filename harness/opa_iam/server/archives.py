"""Bundle archives as they are served: whole, with a revision, and with an ETag that their bytes give."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from opa_iam.errors import InputError

_MANIFEST = ".manifest"
_SIGNATURES = ".signatures.json"


@dataclass(frozen=True)
class Archive:
    """One bundle archive.

    Attributes:
        content: its bytes.
        etag: a strong ETag.
        revision: what its manifest says.
        signed: whether it carries signatures; where OPA verifies them, it takes no delta.
    """

    content: bytes
    etag: str
    revision: str
    signed: bool


def read(content: bytes) -> Archive:
    """Return the archive that bytes are.

    Raises:
        InputError: they are no whole archive, or its manifest has no revision.
    """
    try:
        members = _members(content)
        revision = json.loads(members.get(_MANIFEST, b"{}")).get("revision")
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise InputError(f"it is no whole bundle archive: {error}") from error
    except (ValueError, AttributeError) as error:
        raise InputError(f"its {_MANIFEST} is no JSON object") from error
    if not isinstance(revision, str) or not revision:
        raise InputError(f"its {_MANIFEST} has no revision, by which OPAs say what they run")
    return Archive(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"', revision, _SIGNATURES in members)


def _members(content: bytes) -> dict[str, bytes]:
    """Return what says what the archive is; all of it is unpacked, which shows that all of it is there."""
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(content)), mode="r:") as archive:
        named = ((PurePosixPath(member.name.lstrip("/")), member) for member in archive if member.isfile())
        found = {
            path.name: archive.extractfile(member)
            for path, member in named
            if path.as_posix() == _MANIFEST or path.name == _SIGNATURES
        }
        return {name: file.read() for name, file in found.items() if file}
