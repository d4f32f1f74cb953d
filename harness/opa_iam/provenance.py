"""Where a bundle comes from: an in-toto statement with SLSA's provenance, beside the bundle.

It names every source with its digest, the Rego library, and the tools. There is no time in it, so that equal sources
give the same statement.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from opa_iam import aws_policies, building, catalogue, files, json_bytes, library

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from opa_iam.project import Project

_STATEMENT = "https://in-toto.io/Statement/v1"
_PREDICATE = "https://slsa.dev/provenance/v1"
_BUILD = "urn:opa-iam:build:v1"
_BUILDER = "urn:opa-iam:builder"


def file_of(target: Path) -> Path:
    """Return the file of the statement about what is written to a target."""
    return target.with_name(f"{target.name}.provenance.json")


def write(source: Project, target: Path, bundles: Iterable[Path], targets: Iterable[str] = ()) -> Path:
    """Write the statement about bundles that were built from a project; return its file.

    Args:
        source: the project.
        target: what the bundles are named by.
        bundles: the bundles.
        targets: what they carry besides the project's own targets.
    """
    file = file_of(target)
    with files.replacing(file) as new:
        (new / file.name).write_bytes(json_bytes.dumps(statement(source, bundles, targets), readable=True))
    return file


def statement(source: Project, bundles: Iterable[Path], targets: Iterable[str] = ()) -> dict[str, Any]:
    """Return the statement about bundles; see `write`."""
    return {
        "_type": _STATEMENT,
        "subject": [{"name": file.name, "digest": _digest(file.read_bytes())} for file in bundles],
        "predicateType": _PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": _BUILD,
                "externalParameters": {
                    "name": source.name,
                    "split": source.split,
                    "targets": sorted(source.targets.union(targets)),
                },
                "resolvedDependencies": [*_sources(source), *_distributions(source)],
            },
            "runDetails": {"builder": {"id": _BUILDER, "version": building.tools()}},
        },
    }


def _sources(source: Project) -> Iterator[dict[str, Any]]:
    rego = {f"opa-iam:rego/{name}": content for name, content in library.deciding().items()}
    for name, content in sorted({**building.sources(source), **rego}.items()):
        yield {"name": name, "digest": _digest(content)}


def _distributions(source: Project) -> Iterator[dict[str, Any]]:
    for name, version in ((catalogue.SOURCE, source.catalogue), (aws_policies.SOURCE, source.aws)):
        if version:
            yield {"uri": f"pkg:pypi/{name}@{version}"}


def _digest(content: bytes) -> dict[str, str]:
    return {"sha256": hashlib.sha256(content).hexdigest()}
