"""Machine code of WebAssembly modules, which wasmtime compiles and the cache keeps."""

from __future__ import annotations

import hashlib
import os
import platform
from importlib import metadata
from typing import TYPE_CHECKING

import wasmtime

from opa_iam import cache, files
from opa_iam.errors import EngineError, InputError

if TYPE_CHECKING:
    from pathlib import Path

_DIGEST = hashlib.sha256().digest_size


def compiled(engine: wasmtime.Engine, module: bytes) -> wasmtime.Module:
    """Compile a module, or take what an earlier run compiled from the same bytes with the same wasmtime."""
    name = f"{hashlib.sha256(module).hexdigest()[:32]}-{metadata.version('wasmtime')}-{platform.machine()}.native"
    kept = cache.folder("wasm") / name
    if (code := _kept(kept)) is not None:
        try:
            return wasmtime.Module.deserialize(engine, code)
        except wasmtime.WasmtimeError:
            pass  # compiled for another processor, say; it is compiled anew
    try:
        made = wasmtime.Module(engine, module)
    except wasmtime.WasmtimeError as error:
        raise EngineError(f"the module is no WebAssembly: {first_line(error)}") from error
    _keep(kept, bytes(made.serialize()))
    return made


def _kept(file: Path) -> bytes | None:
    """Return machine code from the cache, if nobody but this user can have written it and it is whole."""
    try:
        for place in (file, file.parent):
            state = place.stat()
            if state.st_uid != os.geteuid() or state.st_mode & 0o022:
                return None
        content = file.read_bytes()
    except OSError:
        return None
    digest, code = content[:_DIGEST], content[_DIGEST:]
    return code if hashlib.sha256(code).digest() == digest else None


def _keep(file: Path, code: bytes) -> None:
    """Put machine code into the cache; without a cache, the next run compiles again."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with files.replacing(file) as new:
            (new / file.name).write_bytes(hashlib.sha256(code).digest() + code)
            (new / file.name).chmod(0o600)
    except (InputError, OSError):
        return


def first_line(error: Exception) -> str:
    """Return the reason that wasmtime gives, which it puts behind a backtrace's head."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("wasm trap:")), lines[0] if lines else "no reason given")
