"""The layers of a registry's artifact, with the media types by which readers tell them.

OPA takes the one layer that is a gzipped tar, whatever else there is. `conftest pull` writes each layer that has a
title as a file of this name, so that the bundle, which Conftest can't read, has none.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opa_iam import bundle, compiler, library
from opa_iam.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from opa_iam.publishing.artifacts import Artifact

CONFIG = "application/vnd.oci.image.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"

_BUNDLE = "application/vnd.oci.image.layer.v1.tar+gzip"
_STATEMENT = "application/vnd.in-toto+json"
_REGO = "application/vnd.cncf.openpolicyagent.policy.layer.v1+rego"
_DATA = "application/vnd.cncf.openpolicyagent.data.layer.v1+json"
_TITLE = "org.opencontainers.image.title"


@dataclass(frozen=True)
class Layer:
    """A blob of an artifact, and what it is."""

    media_type: str
    content: bytes
    title: str = ""

    @property
    def descriptor(self) -> dict[str, Any]:
        """What the artifact's manifest says of it."""
        told = {"annotations": {_TITLE: self.title}} if self.title else {}
        digest = f"sha256:{hashlib.sha256(self.content).hexdigest()}"
        return {"mediaType": self.media_type, "digest": digest, "size": len(self.content), **told}


def of(artifact: Artifact, readers: Collection[str]) -> list[Layer]:
    """Return the layers of a bundle's artifact for the readers.

    Raises:
        InputError: Conftest is to get the Rego of a bundle that was built from another library than this one's.
    """
    layers = []
    if "opa" in readers:
        layers.append(Layer(_BUNDLE, artifact.content))
        if artifact.statement:
            layers.append(Layer(_STATEMENT, artifact.statement))
    if "conftest" in readers:
        layers += _tree(artifact)
    return layers


def _tree(artifact: Artifact) -> Iterator[Layer]:
    """Yield the Rego library, all of it, and the bundle's data, each file by itself."""
    found, rego = bundle.contents(str(artifact.file)), library.rego()
    if any(rego.get(name) != content for name, content in found.rego.items()):
        raise InputError(f"{artifact.file}: its Rego is not that of this opa-iam: build it anew")
    yield from (Layer(_REGO, content, name) for name, content in sorted(rego.items()))
    data = compiler.files(found.data.get("iam", {}))
    yield from (Layer(_DATA, content, name) for name, content in sorted(data.items()))
