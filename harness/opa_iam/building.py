"""From compiled data to bundles: what files go into them, what they say of themselves, and their archives.

One bundle has everything, or two share `data` between them: the Rego, and the data with which it decides, so that an
OPA compiles nothing where only data change.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import opa_iam
from opa_iam import (
    archive,
    aws_policies,
    catalogue,
    compiler,
    files,
    json_bytes,
    library,
    opa,
    webassembly,
)

if TYPE_CHECKING:
    from opa_iam.compiler import Data
    from opa_iam.project import Project
    from opa_iam.signing import Signer

ROOT = "iam"
"""What our bundles have of `data`: nothing else there belongs to them."""

MANIFEST = ".manifest"
"""The file in which a bundle says what it is."""

SIGNATURES = ".signatures.json"
"""The file in which a bundle has its signature."""

_NAMES = frozenset({"account", "bundle", "index", "organization", "policies", "reference", "settings"})
"""The compiled data. A bundle of data claims all of these names, whichever it has, since its roots may not change from
one revision to the next: no delta could be made."""


@dataclass(frozen=True)
class Part:
    """A bundle that is to be.

    Attributes:
        name: which of a project's bundles it is: `rego`, `data`, or nothing for all in one.
        revision: told by its content.
        roots: what it has of `data`.
        files: its files by their names, without the manifest.
    """

    name: str
    revision: str
    roots: list[str]
    files: dict[str, bytes]


def whole(name: str, data: Data) -> Part:
    """Return the one bundle that has the Rego and the data."""
    content = {**library.deciding(), **compiler.files(data)}
    revision = _revision(content)
    return Part("", revision, [ROOT], {**content, **compiler.files(identity(name, revision))})


def split(name: str, data: Data) -> tuple[Part, Part]:
    """Return the bundle of the Rego and that of the data, which says for which Rego it was compiled."""
    rego, compiled = library.deciding(), compiler.files(data)
    library_revision = _revision(rego)
    revision = _revision(compiled)
    told = identity(name, revision)
    told["bundle"]["library"] = library_revision
    return (
        Part("rego", library_revision, sorted({"/".join(file.split("/")[:2]) for file in rego}), rego),
        Part(
            "data",
            revision,
            [f"{ROOT}/{each}" for each in sorted(_NAMES | data.keys())],
            {**compiled, **compiler.files(told)},
        ),
    )


def with_module(part: Part) -> Part:
    """Return a bundle that carries its Rego as WebAssembly as well.

    The manifest doesn't say so: an OPA without WebAssembly, which most are, would refuse the bundle.
    """
    return Part(part.name, part.revision, part.roots, {**part.files, webassembly.FILE: webassembly.of_library()})


def identity(name: str, revision: str) -> Data:
    """Return what decisions know of their bundle, which is data as well."""
    return {"bundle": {"name": name, "revision": revision}}


def pack(part: Part, source: Project, signer: Signer | None = None, earlier: bytes | None = None) -> bytes:
    """Return the archive of a bundle; OPA has compiled its Rego and checked its roots.

    Args:
        part: the bundle.
        source: the project that it is built from.
        signer: signs it.
        earlier: the `.signatures.json` that it had so far; see `Signer.signed`.

    Raises:
        EngineError: OPA finds it wrong.
    """
    manifest = {"metadata": facts(source, part.name), "rego_version": 1, "revision": part.revision, "roots": part.roots}
    with TemporaryDirectory() as folder:
        tree, built = Path(folder, "tree"), Path(folder, "built.tar.gz")
        for name, content in {**part.files, MANIFEST: json_bytes.dumps(manifest)}.items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes(content)
        # Run inside the tree: OPA names the archive's members by the path that it is given.
        opa.run("build", "--bundle", ".", "--output", str(built), folder=tree)
        members = dict(archive.entries(built))
    return archive.packed(signer.signed(members, earlier) if signer else members)


def facts(source: Project, part: str = "") -> dict[str, Any]:
    """Return what a manifest says of a bundle's making: from which sources, with which tools.

    Nothing that makes no difference to a part is said of it: the bundle of the Rego stays as it is when data change.
    """
    of_data = part != "rego"
    told = {
        "part": part,
        "catalogue": source.catalogue and of_data and f"{catalogue.SOURCE} {source.catalogue}",
        "aws_managed_policies": source.aws and of_data and f"{aws_policies.SOURCE} {source.aws}",
    }
    made_from = sources(source) if of_data else library.deciding()
    return {
        "name": source.name,
        "sources": f"sha256:{files.digest(made_from)}",
        "tools": tools(),
        **{name: value for name, value in told.items() if value},
    }


def tools() -> dict[str, str]:
    """Return the versions of what makes a bundle."""
    return {"opa": opa.program().version, "opa-iam": opa_iam.__version__}


def sources(source: Project) -> dict[str, bytes]:
    """Return the files of a project by names that are the same wherever it lies."""
    here, shipped = Path(source.source.file).absolute().parent, library.root()
    found = {}
    for name in source.files:
        file = Path(name).absolute()
        is_ours = file.is_relative_to(shipped) and not file.is_relative_to(here)
        told = f"opa-iam:{file.relative_to(shipped).as_posix()}" if is_ours else os.path.relpath(file, here)
        found[told] = file.read_bytes()
    return found


def _revision(content: dict[str, bytes]) -> str:
    return files.digest(content)[:16]
