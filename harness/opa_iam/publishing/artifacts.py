"""What is published: a bundle's archive as it was built, and the statement of its provenance."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opa_iam import archive, building, provenance
from opa_iam.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Artifact:
    """A bundle to publish.

    Attributes:
        file: its archive's file.
        content: the archive.
        manifest: what the bundle says of itself.
        is_signed: whether it has a signature; that it holds, `signing.verify` says.
        statement: of its provenance; None where there is none beside it.
    """

    file: Path
    content: bytes
    manifest: dict[str, Any]
    is_signed: bool
    statement: bytes | None

    @property
    def digest(self) -> str:
        """The archive's SHA-256."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def name(self) -> str:
        """The bundle's name, with the part that it is."""
        told = self.manifest["metadata"]
        return "-".join((told["name"], *([told["part"]] if "part" in told else [])))

    @property
    def revision(self) -> str:
        """The bundle's revision."""
        return str(self.manifest.get("revision", ""))


def read(file: Path) -> Artifact:
    """Read a bundle that `opa-iam build` has written.

    Raises:
        InputError: there is no such file, or it is not from there.
        EngineError: it is no archive.
    """
    if not file.is_file():
        raise InputError(f"{file}: there is no such bundle: `opa-iam build` makes it")
    files = dict(archive.entries(file))
    manifest = json.loads(files.get(building.MANIFEST, b"{}"))
    if "name" not in manifest.get("metadata", {}):
        raise InputError(f"{file}: its manifest has no name: it is not from `opa-iam build`")
    return Artifact(file, file.read_bytes(), manifest, building.SIGNATURES in files, _statement(file))


def _statement(file: Path) -> bytes | None:
    """Return the statement about a bundle, by itself or with the other part of a split one."""
    whole = file.with_name(file.name.replace("-rego.", ".", 1).replace("-data.", ".", 1))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    for place in (provenance.file_of(file), provenance.file_of(whole)):
        if place.is_file():
            content = place.read_bytes()
            if digest in {each["digest"]["sha256"] for each in json.loads(content)["subject"]}:
                return content
    return None
