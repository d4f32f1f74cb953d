"""The Rego compiled to WebAssembly, in this process, through wasmtime: no OPA decides, and none is needed.

What OPA's WebAssembly ABI (1.2 and later) asks of a host: give the memory, `opa_abort` and the built-ins that the
module doesn't carry; parse the data once; write a query's input behind it and call `opa_eval`, which starts its heap
there, so that no query leaves anything to the next. A module that has trapped has lost its stack: it is thrown away,
and the next query gets a new one.

`opa_iam.engines` imports this module where it is needed: wasmtime takes as long to import as all the rest.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import platform
import threading
import time
from importlib import metadata
from typing import TYPE_CHECKING, Any, Self

import wasmtime

from opa_iam import cache, files
from opa_iam.errors import EngineError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_PAGE = 65536
_PAGES = 64  # at the start, for the module's own constants: OPA declares three pages, however many those need
_MEMORY = 2 << 30  # bytes; above it, the module's allocator could overflow its addresses
_MEMORY_FOR_A_QUERY = 512 << 20  # bytes, beyond the data
_ABI = (1, 2)
_DIGEST = hashlib.sha256().digest_size
_BUILTINS: dict[str, Callable[[], object]] = {"time.now_ns": time.time_ns}
"""What the host gives; each is asked once a query, as OPA does, so that a decision has one time."""

_i32 = wasmtime.ValType.i32()


class WasmEngine:
    """A module of Rego and its data. Threads can share it; they wait for one another."""

    def __init__(self, module: bytes, data: bytes) -> None:
        """Load a module and parse the data.

        Args:
            module: WebAssembly that `opa build -t wasm` made.
            data: what is to be `data`, as JSON.

        Raises:
            EngineError: it is no module of OPA's, needs a built-in that the host doesn't give, or has no room for the
                data.
        """
        self._engine = wasmtime.Engine()
        self._module = _compiled(self._engine, module)
        self._data = data
        self._lock = threading.Lock()
        self._instance: _Instance | None = _Instance(self._engine, self._module, data)

    @property
    def memory(self) -> int:
        """The bytes of memory that the module has."""
        return self._instance.size() if self._instance else 0

    def query(self, path: str, value: object) -> Any:  # noqa: ANN401
        """Return the value of a rule for an input; see `Engine.query`. The rule must be an entrypoint of the module."""
        try:
            text = _utf8(json.dumps(value, allow_nan=False, ensure_ascii=False))
        except (TypeError, ValueError, RecursionError) as error:
            raise EngineError(f"the input can't be written as JSON: {error}") from error
        with self._lock:
            answer = self._evaluated(path, text)
        try:
            results = json.loads(answer)
        except (ValueError, RecursionError) as error:
            raise EngineError(f"the module answers {path} with something that is not JSON: {error}") from error
        if not results:
            raise EngineError(f"{path} is undefined")
        return results[0]["result"]

    def close(self) -> None:
        """Let the memory go."""
        with self._lock:
            self._instance = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _evaluated(self, path: str, text: bytes) -> bytes:
        instance = self._instance or _Instance(self._engine, self._module, self._data)
        if path not in instance.entrypoints:
            raise EngineError(
                f"the module has no {path}: its entrypoints are {', '.join(sorted(instance.entrypoints))}"
            )
        self._instance = None
        answer = instance.evaluate(path, text)
        self._instance = instance
        return answer


class _Instance:
    """One instance of a module, with its memory and the data in it."""

    def __init__(self, engine: wasmtime.Engine, module: wasmtime.Module, data: bytes) -> None:
        self._store = wasmtime.Store(engine)
        self._store.set_limits(memory_size=_MEMORY)
        self._values: dict[str, object] = {}
        self._link(engine, module)
        self._confirm_abi()
        self._builtins = {number: name for name, number in self._table("builtins").items()}
        if unknown := sorted(set(self._builtins.values()) - set(_BUILTINS)):
            raise EngineError(f"the module needs built-ins that only OPA has: {', '.join(unknown)}")
        self.entrypoints = self._table("entrypoints")
        self._data = self._parsed(data)
        self._heap = self._call("opa_heap_ptr_get")
        self._store.set_limits(memory_size=min(self.size() + _MEMORY_FOR_A_QUERY, _MEMORY))

    def size(self) -> int:
        return self._memory.data_len(self._store)

    def evaluate(self, path: str, text: bytes) -> bytes:
        """Return the result set of an entrypoint, as JSON."""
        self._values.clear()
        if self._heap + len(text) > self.size():
            self._call("opa_heap_ptr_set", self._heap)
            self._call("opa_malloc", len(text))
        self._write(text, self._heap)
        behind = self._heap + len(text)
        entrypoint = self.entrypoints[path]
        return self._read(self._call("opa_eval", 0, entrypoint, self._data, self._heap, len(text), behind, 0))

    def _link(self, engine: wasmtime.Engine, module: wasmtime.Module) -> None:
        needs = [each.type for each in module.imports if each.name == "memory"]
        pages = needs[0].limits.min if needs and isinstance(needs[0], wasmtime.MemoryType) else 0
        try:
            limits = wasmtime.Limits(max(pages, _PAGES), None)
            self._memory = wasmtime.Memory(self._store, wasmtime.MemoryType(limits))
            linker = wasmtime.Linker(engine)
            linker.define(self._store, "env", "memory", self._memory)
            linker.define(self._store, "env", "opa_abort", self._host(self._abort, 1, []))
            linker.define(self._store, "env", "opa_println", self._host(lambda _: None, 1, []))
            for count in range(5):
                builtin = self._host(self._builtin, count + 2, [_i32])
                linker.define(self._store, "env", f"opa_builtin{count}", builtin)
            self._exports = linker.instantiate(self._store, module).exports(self._store)
        except wasmtime.WasmtimeError as error:
            raise EngineError(f"the module can't be run: {error}") from error

    def _host(self, function: Callable[..., int | None], count: int, result: list[wasmtime.ValType]) -> wasmtime.Func:
        return wasmtime.Func(self._store, wasmtime.FuncType([_i32] * count, result), function)

    def _confirm_abi(self) -> None:
        names = ("opa_wasm_abi_version", "opa_wasm_abi_minor_version")
        version = tuple(
            each.value(self._store) if isinstance(each := self._exports.get(name), wasmtime.Global) else 0
            for name in names
        )
        if version[0] != _ABI[0] or version[1] < _ABI[1]:
            raise EngineError(f"the module is not one that OPA compiled, or of an ABI that is too old: {version}")

    def _call(self, name: str, *arguments: int) -> int:
        function = self._exports[name]
        if not isinstance(function, wasmtime.Func):
            raise EngineError(f"the module's {name} is no function")
        try:
            result = function(self._store, *arguments)
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            raise EngineError(f"the module broke off in {name}: {_first_line(error)}") from error
        return int(result or 0) & 0xFFFFFFFF

    def _table(self, name: str) -> dict[str, int]:
        table: dict[str, int] = json.loads(self._read(self._call("opa_json_dump", self._call(name))))
        return table

    def _parsed(self, text: bytes) -> int:
        place = self._call("opa_malloc", len(text))
        self._write(text, place)
        value = self._call("opa_json_parse", place, len(text))
        if not value:
            raise EngineError("the module can't read the data")
        return value

    def _write(self, text: bytes, address: int) -> None:
        if address + len(text) > self.size():
            raise EngineError("the module has not given the room that it was asked for")
        ctypes.memmove(self._start() + address, text, len(text))

    def _read(self, address: int) -> bytes:
        """Return the text at an address, up to the NUL behind it."""
        pieces: list[bytes] = []
        start, size = self._start(), self.size()
        while address < size:
            piece = ctypes.string_at(start + address, min(_PAGE, size - address))
            end = piece.find(b"\0")
            if end >= 0:
                return b"".join((*pieces, piece[:end]))
            pieces.append(piece)
            address += len(piece)
        raise EngineError("the module answers with a text that does not end")

    def _start(self) -> int:
        """Return where the memory starts, which changes when it grows."""
        return ctypes.cast(self._memory.data_ptr(self._store), ctypes.c_void_p).value or 0

    def _abort(self, address: int) -> None:
        message = self._read(address & 0xFFFFFFFF).decode("utf-8", "replace")
        raise EngineError(f"the module gave up: {message}")

    def _builtin(self, number: int, *_: int) -> int:
        name = self._builtins[number]
        if name not in self._values:
            self._values[name] = _BUILTINS[name]()
        return self._parsed(json.dumps(self._values[name]).encode())


def _utf8(text: str) -> bytes:
    """Encode a text; half of a surrogate pair becomes U+FFFD, as in OPA: the module would give up on it."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def _compiled(engine: wasmtime.Engine, module: bytes) -> wasmtime.Module:
    """Compile a module, or take what an earlier run compiled from the same bytes with the same wasmtime."""
    name = f"{hashlib.sha256(module).hexdigest()[:32]}-{metadata.version('wasmtime')}-{platform.machine()}.native"
    kept = cache.folder("wasm") / name
    if (code := _kept(kept)) is not None:
        try:
            return wasmtime.Module.deserialize(engine, code)
        except wasmtime.WasmtimeError:
            pass  # compiled for another processor, say; it is compiled anew
    try:
        compiled = wasmtime.Module(engine, module)
    except wasmtime.WasmtimeError as error:
        raise EngineError(f"the module is no WebAssembly: {_first_line(error)}") from error
    _keep(kept, bytes(compiled.serialize()))
    return compiled


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


def _first_line(error: Exception) -> str:
    """Return the reason that wasmtime gives, which it puts behind a backtrace's head."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("wasm trap:")), lines[0] if lines else "no reason given")
