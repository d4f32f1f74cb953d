"""What is measured besides the served workloads: each part on one workload, in its own way."""

from __future__ import annotations

import json
import statistics
import tempfile
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import accounts, footprint, gate, growth, peers, processes, served, timing
from bench.client import Connection
from bench.result import Result
from bench.server import Server
from bench.workloads import WORKLOADS, w2, w4
from opa_iam import bundle, opa, webassembly
from opa_iam.engines.wasm import WasmEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SAMPLE = 3  # requests for `opa bench`, which is given one at a time
_FEW = 100  # requests with inline documents, which take long
_MANY = 100_000
_MEGABYTE = 1e6


def opa_bench(seconds: float) -> Iterator[Result]:
    """Measure in process, and over OPA's own HTTP client, as `opa bench` does."""
    del seconds  # `opa bench` takes a second
    for name in ("W1", "W2", "W3", "W4"):
        workload = WORKLOADS[name]()
        for rule in ("allow", "decision"):
            ways = {"in process": [], "e2e": ["--e2e"]} if name == "W2" else {"in process": []}
            for label, options in ways.items():
                times = [
                    _one_bench(workload.bundle(), rule, request, options) for request in workload.requests[:_SAMPLE]
                ]
                yield Result(name, f"{rule}, opa bench, {label}", "median, µs", statistics.median(times) / 1e3)


def _one_bench(archive: Path, rule: str, request: Any, options: list[str]) -> float:  # noqa: ANN401
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(request, file)
        file.flush()
        query = f"data.iam.authz.{rule}"
        printed = opa.run("bench", "--bundle", str(archive), "--input", file.name, "--format", "json", *options, query)
    found = json.loads(printed)
    return float(found["T"]) / float(found["N"])


def wasm(seconds: float) -> Iterator[Result]:
    """Measure W2 in WebAssembly, in this process, beside the floor of a server."""
    workload = w2()
    contents = bundle.contents(str(workload.project))
    module = webassembly.of_bundle(contents.rego, contents.module)
    with (
        WasmEngine(module, json.dumps(contents.data).encode()) as engine,
        Server(None) as server,
        Connection(server.tcp) as connection,
    ):
        rows: dict[str, timing.Row] = {"floor, tcp": (connection.exchange, served.FLOOR)}
        rows["allow, wasm"] = (lambda request: engine.query("iam/authz/allow", request), workload.requests)
        rows["decision, wasm"] = (lambda request: engine.query("iam/authz/decision", request), workload.requests)
        yield from served.beside_floor("W2", timing.in_turn(rows, seconds), "floor, tcp")
        yield Result("W2", "wasm", "memory, MB", engine.memory / _MEGABYTE)


def inline(seconds: float) -> Iterator[Result]:
    """Measure requests that bring their policies along, against the same with what is compiled."""
    workload = w2()
    documents = [one for _, one in sorted(accounts.managed_policies().items())]
    with Server(workload.bundle()) as server, Connection(server.tcp) as connection:
        rows: dict[str, timing.Row] = {"floor": (connection.exchange, served.FLOOR)}
        for number in (0, 1, 10):
            requests = [
                {**request, "policies": {"identity": documents[index : index + number]}} if number else request
                for index, request in enumerate(workload.requests[:_FEW])
            ]
            sent = served.posts(served.ROWS["allow"], requests)
            rows[f"allow, {number} inline documents, tcp"] = (connection.exchange, sent)
        yield from served.beside_floor("W2", timing.in_turn(rows, seconds))


def decide(seconds: float) -> Iterator[Result]:
    """Measure `opa-iam decide` on a file of requests, all that it takes to start included."""
    count = _MANY if seconds > 5 else _MANY // 20
    workload = w2()
    workload.bundle()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "requests.jsonl")
        with file.open("w", encoding="utf-8") as stream:
            stream.writelines(f"{json.dumps(request)}\n" for request in islice(cycle(workload.requests), count))
        arguments = ["decide", str(file), "--bundle", str(workload.project), "--format", "json"]
        taken = processes.opa_iam(*arguments, output=Path(folder, "decisions.jsonl"))
    yield Result("W2", "opa-iam decide", "a second", count / taken)


def compiling(seconds: float) -> Iterator[Result]:
    """Measure `opa-iam compile` of W4, with an empty cache and again."""
    del seconds  # it takes what it takes
    project = str(w4().project / "bundle.yaml")
    with tempfile.TemporaryDirectory() as folder:
        environment = {"OPA_IAM_CACHE": f"{folder}/cache"}
        for row in ("compile", "compile, unchanged"):
            arguments = ("compile", project, "--output", f"{folder}/data")
            taken, memory = processes.opa_iam_memory(*arguments, environment=environment)
            yield Result("W4", row, "seconds", taken)
            yield Result("W4", row, "memory, MB", memory / _MEGABYTE)


PARTS: dict[str, Callable[[float], Iterator[Result]]] = {
    "opa-bench": opa_bench,
    "wasm": wasm,
    "inline": inline,
    "footprint": footprint.measure,
    "growth": growth.measure,
    "peers": peers.measure,
    "decide": decide,
    "compile": compiling,
    "gate": gate.measure,
}
