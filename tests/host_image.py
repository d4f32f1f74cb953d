"""An image made of this machine's Python: opa-iam, what it needs, and no registry."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opa_iam import library

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PYTHON = Path(sys.executable).resolve()
_SITE = "/site"
_SOURCE = "/src"
_DOCKERFILE = f"""\
FROM scratch
ADD root.tar /
ENV PATH=/usr/local/bin PYTHONPATH={_SOURCE}/harness:{_SITE} HOME=/tmp OPA_IAM_CACHE=/tmp/opa-iam
USER 65532:65532
"""
_SCRIPT = "#!{python}\nimport sys\nfrom {module} import main\nsys.exit(main())\n"
_PROGRAMS = {"opa-iam": "opa_iam.cli", "uvicorn": "uvicorn"}
_NOT_NEEDED = {"__pycache__", "site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter", "ensurepip"}


def build(client: Any, tag: str) -> str:  # noqa: ANN401
    """Build the image and return its tag; commands are run without a shell, which it has not."""
    root = io.BytesIO()
    with tarfile.open(fileobj=root, mode="w") as archive:
        placed = {**_interpreter(), **_packages(), **_source()}
        libraries = [path for path in placed.values() if ".so" in path.name]
        for name, path in {**placed, **_needed_by([_PYTHON, *libraries])}.items():
            _add(archive, name, path.read_bytes(), 0o755 if path == _PYTHON or ".so" in path.name else 0o644)
        for name, module in _PROGRAMS.items():
            script = _SCRIPT.format(python=_PYTHON, module=module).encode()
            _add(archive, f"/usr/local/bin/{name}", script, 0o755)
        state = tarfile.TarInfo("var/lib/opa-iam")
        state.type, state.mode, state.uid, state.gid = tarfile.DIRTYPE, 0o755, 65532, 65532
        archive.addfile(state)
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        _add(archive, "Dockerfile", _DOCKERFILE.encode(), 0o644)
        _add(archive, "root.tar", root.getvalue(), 0o644)
    context.seek(0)
    client.images.build(fileobj=context, custom_context=True, tag=tag, rm=True, forcerm=True)
    return tag


def _add(archive: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    member = tarfile.TarInfo(name.lstrip("/"))
    member.size, member.mode = len(content), mode
    archive.addfile(member, io.BytesIO(content))


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and _NOT_NEEDED.isdisjoint(path.relative_to(folder).parts):
            yield path


def _interpreter() -> dict[str, Path]:
    folders = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")}
    # In a virtual environment, the paths of the Python that it was made with.
    based = {Path(str(folder).replace(sys.prefix, sys.base_prefix, 1)) for folder in folders}
    return {str(path): path for folder in based for path in _below(folder)} | {str(_PYTHON): _PYTHON}


def _packages() -> dict[str, Path]:
    """Return the files of the distributions that opa-iam's server needs, by their places in the image."""
    found: dict[str, Path] = {}
    # The checkout's own, as what is installed may be of another one.
    project = tomllib.loads((library.root() / "pyproject.toml").read_text("utf-8"))["project"]
    own = [*project["dependencies"], *project["optional-dependencies"]["serve"]]
    left, seen = list(_requirements(own, set())), set()
    while left:
        name, extras = left.pop()
        if (name, *extras) in seen:
            continue
        seen.add((name, *extras))
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system or Python
        for file in distribution.files or ():
            path = Path(str(distribution.locate_file(file)))
            if path.is_file() and ".." not in file.parts and "__pycache__" not in file.parts:
                found[f"{_SITE}/{file}"] = path
        left += list(_requirements(distribution.requires or (), extras))
    return found


def _requirements(lines: Iterable[str], extras: set[str]) -> Iterator[tuple[str, set[str]]]:
    for line in lines:
        requirement, _, condition = line.partition(";")
        wanted = re.search(r"extra\s*==\s*['\"]([^'\"]+)", condition)
        if wanted is None or wanted[1] in extras:
            parsed = re.match(r"([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?", requirement)
            assert parsed
            yield parsed[1], {extra.strip() for extra in (parsed[2] or "").split(",")} - {""}


def _source() -> dict[str, Path]:
    root = library.root()
    files = [root / "bundle.yaml"]
    for name in ("harness", "rego", "policies", "tools"):
        files += _below(root / name)
    return {f"{_SOURCE}/{path.relative_to(root).as_posix()}": path for path in files}


def _needed_by(programs: list[Path]) -> dict[str, Path]:
    """Return the shared libraries that programs load, the loader among them."""
    found: dict[str, Path] = {}
    for start in range(0, len(programs), 50):
        some = [str(path) for path in programs[start : start + 50]]
        told = subprocess.run(["ldd", *some], capture_output=True, text=True, check=False)  # noqa: S603, S607
        for path in re.findall(r"(?:=> |^\s+)(/\S+) \(0x", told.stdout, re.MULTILINE):
            found[path] = Path(path)
    return found
