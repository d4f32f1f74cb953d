"""The Rego as a WebAssembly module: shipped with the wheel, in the cache, or compiled with OPA.

A module holds the Rego alone and serves any data. A bundle's Rego is never replaced by another: its module is the one
that it carries, or one of byte for byte the same Rego.
"""

from __future__ import annotations

import hashlib
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from opa_iam import cache, files, library, opa
from opa_iam.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "policy.wasm"
"""The name of a module in a bundle."""


def shipped() -> Path | None:
    """Return the module of the library's Rego that the wheel carries; None in a checkout."""
    file = library.root() / FILE
    return file if file.is_file() else None


def of_library() -> bytes:
    """Return the module of the library's Rego.

    Raises:
        ToolError: it has to be compiled, and OPA can't be had.
        EngineError: OPA can't compile it.
    """
    file = shipped()
    return file.read_bytes() if file else of_rego(library.rego())


def of_bundle(rego: Mapping[str, bytes], own: bytes | None) -> bytes:
    """Return the module that decides as a bundle's Rego does.

    Args:
        rego: the bundle's Rego by the files' names.
        own: the module that the bundle carries.

    Raises:
        EngineError: its Rego is not the library's, and there is neither a module in it nor an OPA to compile one.
    """
    if own is not None:
        return own
    if rego == library.deciding():
        return of_library()
    if not opa.is_at_hand():
        raise EngineError(
            "the bundle's Rego is not that of this opa-iam, and it carries no policy.wasm: build it with "
            "`--target wasm`, or install OPA"
        )
    return of_rego(rego)


def of_rego(rego: Mapping[str, bytes]) -> bytes:
    """Return the module of any Rego; see `file_of`."""
    return file_of(rego).read_bytes()


def file_of(rego: Mapping[str, bytes]) -> Path:
    """Compile Rego into the cache, once for the same files and the same OPA.

    Raises:
        ToolError: OPA can't be had.
        EngineError: OPA can't compile it.
    """
    key = hashlib.sha256(f"{opa.program().version}\0{files.digest(rego)}".encode()).hexdigest()
    kept = cache.folder("wasm") / f"{key[:32]}.wasm"
    if not kept.is_file():
        module = _compile(rego)
        with files.replacing(kept) as new:
            (new / kept.name).write_bytes(module)
    return kept


def _compile(rego: Mapping[str, bytes]) -> bytes:
    with TemporaryDirectory() as folder:
        for name, content in rego.items():
            file = Path(folder, "tree", name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        # Entrypoints are the rules whose METADATA say so.
        opa.run("build", "--target", "wasm", "--bundle", "tree", "--output", "built.tar.gz", folder=Path(folder))
        with tarfile.open(Path(folder, "built.tar.gz")) as archive:
            module = archive.extractfile(f"/{FILE}")
            if module is None:
                raise EngineError(f"opa build has made no {FILE}")
            return module.read()
