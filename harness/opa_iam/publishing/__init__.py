"""Bundles where servers get them: a folder that a web server serves, a bucket, a registry.

A bundle is first put where its digest names it, and its moving name comes last, in one step: whoever reads sees the old
bundle or the new one, whole. What is there already is left alone, so that publishing again does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opa_iam.errors import InputError
from opa_iam.publishing.artifacts import Artifact, read
from opa_iam.publishing.places import Published, put

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

__all__ = ["READERS", "TAG", "Artifact", "Published", "publish", "read"]

READERS = ("opa", "conftest")
"""For whom a registry's artifact is: OPA reads the bundle, Conftest the files one by one."""

TAG = "latest"
"""The moving name, where no other is given."""

_REGISTRY = "oci://"


def publish(files: Sequence[Path], target: str, tag: str = TAG, readers: Collection[str] = ("opa",)) -> list[Published]:
    """Publish bundles.

    Args:
        files: their archives.
        target: a folder; a URL that fsspec knows, such as s3://BUCKET/PREFIX; or oci://HOST/REPOSITORY, for one bundle.
        tag: the moving name.
        readers: of `READERS`, for whom a registry's artifact is.

    Raises:
        InputError: there is no such bundle or target, or a package for it is not installed.
        EngineError: the target can't be reached or refuses.
    """
    artifacts = [read(file) for file in files]
    if not target.startswith(_REGISTRY):
        if list(readers) != ["opa"]:
            raise InputError("only a registry, oci://…, has artifacts for Conftest")
        return put(artifacts, target, tag)
    if len(artifacts) != 1:
        raise InputError("a registry's tag is of one bundle: publish each to a repository of its own")
    from opa_iam.publishing import registries  # noqa: PLC0415 - oras is only there with opa-iam[publish]

    return [registries.push(artifacts[0], target.removeprefix(_REGISTRY), tag, readers)]
