"""OPA bundles: the Rego library and the compiled data in one archive, the same bytes for the same sources."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import requests

from opa_iam import cache, compiler, files, library, opa, project
from opa_iam.errors import EngineError, InputError

if TYPE_CHECKING:
    from opa_iam.compiler import Data
    from opa_iam.project import Project

ROOT = "iam"
"""The only root of our bundles: nothing else under `data` belongs to them."""

_SECONDS_FOR_DOWNLOAD = 60


def build(source: Project, target: Path) -> str:
    """Compile a project and write it as a bundle; return the bundle's revision, which is told by its content.

    Raises:
        DocumentError: findings in the sources.
        EngineError: OPA can't compile or bundle them.
        InputError: the target can't be written.
    """
    data = compiler.compile_project(source)
    with TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        revision = _stage(source.name, data, tree)
        with files.replacing(target) as new:
            # Run inside the tree: OPA names the archive's members by the path that it is given.
            opa.run("build", "--bundle", ".", "--output", str((new / target.name).resolve()), folder=tree)
    return revision


def locate(reference: str | None) -> Path:
    """Return the bundle that a reference stands for: an archive, or a folder that OPA reads as a bundle.

    Args:
        reference: a bundle archive or folder, a project's folder or bundle.yaml, a URL of an archive; None for the
            project of the current folder, else the bundle that ships with opa-iam.

    Raises:
        InputError: there is no such thing, or a source of it can't be read.
        DocumentError: findings in the project's sources.
        EngineError: the project can't be built, or the archive not be downloaded.
    """
    if reference is None:
        return _built(project.find())
    if reference.startswith(("http://", "https://")):
        return _downloaded(reference)
    path = Path(reference)
    if (path / project.FILE).is_file():
        return _built(path / project.FILE)
    if path.is_file() and path.suffix in (".yaml", ".yml"):
        return _built(path)
    if (path / ".manifest").is_file() or path.is_file():
        return path
    raise InputError(f"{reference}: neither a bundle nor a folder with a {project.FILE}")


def _stage(name: str, data: Data, tree: Path) -> str:
    """Lay out the files of a bundle and return their revision."""
    shutil.copytree(library.root() / "rego" / ROOT, tree / ROOT, ignore=shutil.ignore_patterns(opa.TESTS))
    compiler.write(data, tree)
    revision = _digest(tree)
    compiler.write({"bundle": {"name": name, "revision": revision}}, tree)
    manifest = {"metadata": {"name": name}, "rego_version": 1, "revision": revision, "roots": [ROOT]}
    (tree / ".manifest").write_text(json.dumps(manifest, sort_keys=True), "utf-8")
    return revision


def _built(file: Path) -> Path:
    """Build a project's bundle in the cache, once for the same sources, library, catalogue and OPA."""
    source = project.read(file)
    key = hashlib.sha256(_digest(library.root() / "rego" / ROOT).encode())
    for part in (opa.program().version, source.catalogue or "", *map(str, map(Path, source.files))):
        key.update(part.encode())
    for name in source.files:
        key.update(hashlib.sha256(Path(name).read_bytes()).digest())
    target = cache.folder("bundles") / f"{source.name}-{key.hexdigest()[:16]}.tar.gz"
    if not target.is_file():
        build(source, target)
    return target


def _downloaded(url: str) -> Path:
    target = cache.folder("bundles") / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.tar.gz"
    try:
        reply = requests.get(url, timeout=_SECONDS_FOR_DOWNLOAD)
        reply.raise_for_status()
    except requests.RequestException as error:
        raise EngineError(f"{url}: the bundle can't be downloaded: {error}") from error
    with files.replacing(target) as new:
        (new / target.name).write_bytes(reply.content)
    return target


def _digest(tree: Path) -> str:
    """Return a digest of a folder's file names and contents, 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted(path for path in tree.rglob("*") if path.is_file() and not path.match(opa.TESTS)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(tree).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
