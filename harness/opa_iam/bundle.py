"""OPA bundles: built from a project, located, read. The same sources give the same bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from opa_iam import archive, building, cache, compiler, documents, files, json_bytes, library, opa, project, webassembly
from opa_iam.errors import EngineError, InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from opa_iam.building import Part
    from opa_iam.compiler import Data
    from opa_iam.project import Project, Sources
    from opa_iam.signing import Signer

_FACTS = "facts.json"  # beside compiled data
_KEPT = 32  # of the things in a folder of the cache
_DATA_FILES = ("data.json", "data.yaml", "data.yml")
_SECONDS_FOR_DOWNLOAD = 60


def build(source: Project, target: Path, targets: Iterable[str] = (), signer: Signer | None = None) -> str:
    """Compile a project and write it as a bundle; return the bundle's revision, which is told by its content.

    Args:
        source: the project.
        target: the archive's file.
        targets: what it carries besides the project's own targets: `wasm` for the Rego as WebAssembly, as policy.wasm.
        signer: signs it.

    Raises:
        DocumentError: findings in the sources.
        EngineError: OPA can't compile or bundle them.
        InputError: the target can't be written.
    """
    part = building.whole(source.name, compiler.compile_project(source))
    _write(_with_targets(part, source, targets), source, target, signer)
    return part.revision


def build_split(
    source: Project, target: Path, targets: Iterable[str] = (), signer: Signer | None = None
) -> dict[Path, str]:
    """Compile a project and write the bundle of its Rego and that of its data; return their revisions, Rego first.

    Args:
        source: see `build`.
        target: what both files are named by: `bundle.tar.gz` for bundle-rego.tar.gz and bundle-data.tar.gz.
        targets: see `build`.
        signer: see `build`.

    Raises:
        DocumentError: see `build`.
        EngineError: see `build`.
        InputError: see `build`.
    """
    rego, data = building.split(source.name, compiler.compile_project(source))
    parts = {part_of(target, part.name): part for part in (_with_targets(rego, source, targets), data)}
    for place, part in parts.items():
        _write(part, source, place, signer)
    return {place: part.revision for place, part in parts.items()}


def part_of(target: Path, name: str) -> Path:
    """Return the file of a part of what is written to a target."""
    stem = target.name.removesuffix(".gz").removesuffix(".tar").removesuffix(".tgz")
    return target.with_name(f"{stem}-{name}{target.name[len(stem) :]}")


def _with_targets(part: Part, source: Project, targets: Iterable[str]) -> Part:
    return building.with_module(part) if "wasm" in source.targets.union(targets) else part


def _write(part: Part, source: Project, target: Path, signer: Signer | None) -> None:
    earlier = _signature(target) if signer else None
    with files.replacing(target) as new:
        (new / target.name).write_bytes(building.pack(part, source, signer, earlier))


def _signature(target: Path) -> bytes | None:
    """Return the `.signatures.json` of an archive, if there is one."""
    try:
        return _members(target).get(building.SIGNATURES) if target.is_file() else None
    except EngineError:
        return None


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
    place = _place(reference)
    return _built(place) if place.suffix in (".yaml", ".yml") else place


def _place(reference: str | None) -> Path:
    """Return the bundle's archive or folder, or the bundle.yaml to build it from."""
    if reference is None:
        return project.find()
    if reference.startswith(("http://", "https://")):
        return _downloaded(reference)
    path = Path(reference)
    if (path / project.FILE).is_file():
        return path / project.FILE
    if path.is_file() and path.suffix in (".yaml", ".yml"):
        return path
    if (path / ".manifest").is_file() or path.is_file():
        return path
    raise InputError(f"{reference}: neither a bundle nor a folder with a {project.FILE}")


@dataclass(frozen=True)
class Contents:
    """What a bundle holds.

    Attributes:
        rego: its Rego by the files' names.
        data: what it puts under `data`.
        module: its Rego as WebAssembly, where it carries it.
        manifest: what it says of itself; empty where it doesn't.
    """

    rego: dict[str, bytes]
    data: Data
    module: bytes | None
    manifest: Data = field(default_factory=dict)

    @property
    def roots(self) -> list[str]:
        """The parts of `data` that are the bundle's alone; a manifest that names none claims everything."""
        return sorted(self.manifest.get("roots") or [""])


def contents(reference: str | None) -> Contents:
    """Return what is in the bundle that a reference stands for; no OPA is needed.

    Args:
        reference: what `locate` takes.

    Raises:
        InputError: there is no such thing, or a source of it can't be read.
        DocumentError: findings in the project's sources.
        EngineError: it is no bundle, or can't be downloaded.
    """
    place = _place(reference)
    if place.suffix not in (".yaml", ".yml"):
        return _read(place)
    found = compiled(place)
    return Contents(library.deciding(), {building.ROOT: {**compiler.read(found.folder), **found.identity}}, None)


@dataclass(frozen=True)
class Compiled:
    """A project's compiled data, in the cache.

    Attributes:
        folder: the data as `compiler.write` writes it.
        identity: the bundle's name and revision, which are data as well.
        policies: how many policies there are.
        principals: how many users and roles.
        warnings: what the sources have and the bundle has not.
    """

    folder: Path
    identity: Data
    policies: int
    principals: int
    warnings: list[str]


def compiled(file: Path, allowed: Collection[str] = ()) -> Compiled:
    """Return the compiled data of a bundle.yaml; from the cache for the same sources, library and catalogue.

    Args:
        file: the bundle.yaml.
        allowed: codes of findings that don't count, besides those that it allows itself.

    Raises:
        InputError: a source can't be read.
        DocumentError: findings in the sources.
        EngineError: they can't be compiled.
    """
    found = project.sources(file)
    kept = cache.folder("compiled") / f"{found.name}-{_key(found, *sorted(allowed))[:16]}"
    if not (kept / _FACTS).is_file():
        read = project.read(file)
        source = replace(read, lint=read.lint.allowing(allowed))
        data = compiler.compile_project(source)
        facts = {
            "identity": building.identity(source.name, building.whole(source.name, data).revision),
            "policies": sum(one.get("policy_type") != "superseded" for one in data["policies"].values()),
            "principals": len(data["account"]["principals"]),
            "warnings": [str(warning) for warning in source.warnings],
        }
        with files.replacing(kept) as new:
            compiler.write(data, new / "data")
            (new / _FACTS).write_bytes(json_bytes.dumps(facts))
        cache.trim(kept.parent, _KEPT)
    return Compiled(folder=kept / "data", **json_bytes.loads((kept / _FACTS).read_bytes()))


def _read(place: Path) -> Contents:
    """Read a bundle as OPA does: `*.rego`, and `data.json` or `data.yaml` in any folder."""
    members = _members(place)
    data: Data = {}
    for name, content in sorted(members.items()):
        file = Path(name)
        if file.name in _DATA_FILES:
            text = content.decode("utf-8-sig", "replace")
            parse = documents.parse_json if file.suffix == ".json" else documents.parse_yaml
            _merge(data, file.parent.parts, parse(text, f"{place}: {name}").value, name)
    rego = {name: content for name, content in members.items() if name.endswith(".rego")}
    manifest = documents.parse_json(
        members.get(building.MANIFEST, b"{}").decode("utf-8", "replace"), f"{place}: {building.MANIFEST}"
    )
    return Contents(rego, data, members.get(webassembly.FILE), manifest.value)


def _members(place: Path) -> dict[str, bytes]:
    if place.is_dir():
        found = (path for path in place.rglob("*") if path.is_file() and not path.match(opa.TESTS))
        return {path.relative_to(place).as_posix(): path.read_bytes() for path in found}
    return dict(archive.entries(place))


def _merge(data: Data, path: tuple[str, ...], value: object, name: str) -> None:
    """Put a value at a path in data; two files that say something of the same place are an error, as in OPA."""
    for step in reversed(path):
        value = {step: value}
    if not isinstance(value, dict):
        raise EngineError(f"{name}: the data of a bundle must be an object")
    for key, inner in value.items():
        if isinstance(inner, dict) and isinstance(data.get(key), dict):
            _merge(data[key], (), inner, name)
        elif key in data:
            raise EngineError(f"{name}: another data file of the bundle has '{key}' as well")
        else:
            data[key] = inner


def _built(file: Path) -> Path:
    """Build a project's bundle in the cache, once for the same sources, library, catalogue and OPA."""
    found = project.sources(file)
    target = cache.folder("bundles") / f"{found.name}-{_key(found, opa.program().version)[:16]}.tar.gz"
    if not target.is_file():
        build(project.read(file), target)
        cache.trim(target.parent, _KEPT)
    return target


def _key(found: Sources, *versions: str) -> str:
    """Return a digest of a project's files, the library's Rego, the harness and what else the result depends on."""
    key = hashlib.sha256(files.digest(library.rego()).encode())
    key.update(library.harness().encode())
    for part in (*versions, *found.versions, *map(str, map(Path, found.files))):
        key.update(part.encode())
    for name in found.files:
        key.update(hashlib.sha256(Path(name).read_bytes()).digest())
    return key.hexdigest()


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
