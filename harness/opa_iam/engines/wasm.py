"""The Rego compiled to WebAssembly, in this process, through wasmtime: no OPA decides, and none is needed.

What OPA's WebAssembly ABI (1.2 and later) asks of a host: give the memory, `opa_abort` and the built-ins that the
module doesn't carry; parse the data once; write a query's input and evaluate. A module that has trapped has lost its
stack: it is thrown away, and the next query gets a new one.

`opa_eval`, which does all of a query in one call, starts with an empty heap, and so compiles each regular expression
anew, which takes twenty times as long as a decision. Hence its steps, taken on a heap that goes on from query to query
and is emptied when it has grown large. A call from Python into WebAssembly takes as long as a fifth of a decision:
a few instructions of our own, `_STEPS`, take the steps in one.

`opa_iam.engines` imports this module where it is needed: wasmtime takes as long to import as all the rest.
"""

from __future__ import annotations

import ctypes
import json
import threading
import time
from typing import TYPE_CHECKING, Any, Self

import wasmtime

from opa_iam.engines import expressions, native
from opa_iam.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable

_PAGES = 64  # at the start, for the module's own constants: OPA declares three pages, however many those need
_MEMORY = 2 << 30  # bytes; above it, the module's allocator could overflow its addresses
_MEMORY_FOR_A_QUERY = 512 << 20  # bytes, beyond the data and what earlier queries have left
_LEFT = 16 << 20  # bytes that queries may leave on the heap before it is emptied
_TEXT = 65536  # bytes of an input that have their place; a longer one gets one for itself
_ANSWER = 256  # bytes that are read of an answer at first: most are one word
_ABI = (1, 2)
_BUILTINS: dict[str, Callable[[], object]] = {"time.now_ns": time.time_ns}
"""What the host gives; each is asked once a query, as OPA does, so that a decision has one time."""

_STEPS = """
(module
  (import "opa" "memory" (memory 0))
  (import "opa" "opa_value_parse" (func $parse (param i32 i32) (result i32)))
  (import "opa" "opa_eval_ctx_set_input" (func $set_input (param i32 i32)))
  (import "opa" "opa_eval_ctx_set_entrypoint" (func $set_entrypoint (param i32 i32)))
  (import "opa" "eval" (func $eval (param i32) (result i32)))
  (import "opa" "opa_eval_ctx_get_result" (func $result (param i32) (result i32)))
  (import "opa" "opa_json_dump" (func $dump (param i32) (result i32)))
  (import "opa" "opa_heap_ptr_get" (func $heap (result i32)))
  (global $context (mut i32) (i32.const 0))
  (global $letter (mut i32) (i32.const 0))
  (func (export "begin") (param $context i32) (param $letter i32)
    (global.set $context (local.get $context))
    (global.set $letter (local.get $letter)))
  (func (export "query")
    (call $set_input (global.get $context)
      (call $parse (i32.load (global.get $letter)) (i32.load offset=4 (global.get $letter))))
    (call $set_entrypoint (global.get $context) (i32.load offset=8 (global.get $letter)))
    (if (call $eval (global.get $context)) (then unreachable))
    (i32.store (global.get $letter) (call $dump (call $result (global.get $context))))
    (i32.store offset=4 (global.get $letter) (call $heap))))
"""
"""What a query goes through. The letter has the input's address, its length and the entrypoint when it is sent, and
when it comes back the answer's address and that of the heap's end."""

_Letter = ctypes.c_uint32 * 3

_i32 = wasmtime.ValType.i32()
_encoded = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode


class WasmEngine:
    """A module of Rego and its data. Threads can share it; they wait for one another."""

    at_once = 0

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
        whole = expressions.mended(module)
        self._left = 0 if whole is None else _LEFT
        self._module = native.compiled(self._engine, module if whole is None else whole)
        self._data = data
        self._lock = threading.Lock()
        self._instance: _Instance | None = self._new()

    @property
    def memory(self) -> int:
        """The bytes of memory that the module has."""
        return self._instance.size() if self._instance else 0

    def query(self, path: str, value: object) -> Any:  # noqa: ANN401
        """Return the value of a rule for an input; see `Engine.query`. The rule must be an entrypoint of the module."""
        try:
            text = _utf8(_encoded(value))
        except (TypeError, ValueError, RecursionError) as error:
            raise EngineError(f"the input can't be written as JSON: {error}") from error
        with self._lock:
            answer = self._evaluated(path, text)
        try:
            results = json.loads(answer.decode())
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

    def _new(self) -> _Instance:
        return _Instance(self._engine, self._module, self._data, self._left)

    def _evaluated(self, path: str, text: bytes) -> bytes:
        instance = self._instance or self._new()
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

    def __init__(self, engine: wasmtime.Engine, module: wasmtime.Module, data: bytes, left: int) -> None:
        self._store = wasmtime.Store(engine)
        self._store.set_limits(memory_size=_MEMORY)
        self._values: dict[str, object] = {}
        self._link(engine, module)
        self._size = self._letter_place = 0
        self._look()
        self._confirm_abi()
        self._builtins = {number: name for name, number in self._table("builtins").items()}
        if unknown := sorted(set(self._builtins.values()) - set(_BUILTINS)):
            raise EngineError(f"the module needs built-ins that only OPA has: {', '.join(unknown)}")
        self.entrypoints = self._table("entrypoints")
        self._begin(engine, self._parsed(data))
        self._left = left
        self._heap = self._end = self._call("opa_heap_ptr_get")
        self._empty()
        self._store.set_limits(memory_size=min(self.size() + left + _MEMORY_FOR_A_QUERY, _MEMORY))

    def size(self) -> int:
        return self._size

    def evaluate(self, path: str, text: bytes) -> bytes:
        """Return the result set of an entrypoint, as JSON."""
        self._values.clear()
        if self._end - self._heap > self._left:
            self._empty()
        place = self._text if len(text) <= _TEXT else self._call("opa_malloc", len(text))
        self._write(text, place)
        self._letter[:] = [place, len(text), self.entrypoints[path]]
        self._run(self._query, "eval")
        self._look()
        answer, self._end, _ = self._letter
        return self._read(answer)

    def _begin(self, engine: wasmtime.Engine, data: int) -> None:
        """Take the places that all queries use, and load the steps of a query."""
        self._text = self._call("opa_malloc", _TEXT)
        context = self._call("opa_eval_ctx_new")
        self._call("opa_eval_ctx_set_data", context, data)
        self._letter_place = self._call("opa_malloc", ctypes.sizeof(_Letter))
        self._size = 0
        self._look()
        begin, self._query = self._steps(engine)
        self._run(begin, "begin", context, self._letter_place)

    def _steps(self, engine: wasmtime.Engine) -> tuple[object, object]:
        linker = wasmtime.Linker(engine)
        try:
            linker.define_instance(self._store, "opa", self._opa)
            steps = linker.instantiate(self._store, wasmtime.Module(engine, _STEPS)).exports(self._store)
            return steps["begin"], steps["query"]
        except wasmtime.WasmtimeError as error:
            raise EngineError(f"the module can't be run: {native.first_line(error)}") from error

    def _empty(self) -> None:
        """Forget what queries have left."""
        self._call("opa_heap_ptr_set", self._heap)

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
            self._opa = linker.instantiate(self._store, module)
            self._exports = self._opa.exports(self._store)
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
        result = self._run(self._exports[name], name, *arguments)
        self._look()
        return int(result or 0) & 0xFFFFFFFF

    def _run(self, function: object, name: str, *arguments: int) -> Any:  # noqa: ANN401 - as wasmtime has it
        if not isinstance(function, wasmtime.Func):
            raise EngineError(f"the module's {name} is no function")
        try:
            return function(self._store, *arguments)
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            raise EngineError(f"the module broke off in {name}: {native.first_line(error)}") from error

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
        if address + len(text) > self._size:
            raise EngineError("the module has not given the room that it was asked for")
        ctypes.memmove(self._start + address, text, len(text))

    def _read(self, address: int) -> bytes:
        """Return the text at an address, up to the NUL behind it."""
        text, length = b"", _ANSWER
        while len(text) < self._size - address:
            text = ctypes.string_at(self._start + address, min(length, self._size - address))
            end = text.find(b"\0")
            if end >= 0:
                return text[:end]
            length *= 16
        raise EngineError("the module answers with a text that does not end")

    def _look(self) -> None:
        """See where the memory is: it may have moved when it has grown."""
        size = self._memory.data_len(self._store)
        if size != self._size:
            self._size = size
            self._start = ctypes.addressof(self._memory.data_ptr(self._store).contents)
            self._letter = _Letter.from_address(self._start + self._letter_place)

    def _abort(self, address: int) -> None:
        self._look()
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
