"""How long OPA takes to start and how much memory: empty, with AWS's managed policies as raw JSON, with a bundle."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench import accounts
from bench.client import Connection, post
from bench.result import Result
from bench.server import Server
from bench.workloads import w2, w4
from opa_iam import json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIMES = 3
_PAUSE = 3  # seconds, in which Go gives memory back
_ROUNDS = 8  # Go is at rest after three, if it is let


def measure(seconds: float) -> Iterator[Result]:
    """Yield start-up times and memory."""
    del seconds  # it takes what it takes
    with TemporaryDirectory() as folder:
        raw = Path(folder, "raw")
        raw.mkdir()
        (raw / ".manifest").write_text('{"roots": ["raw"]}', "utf-8")
        (raw / "data.json").write_bytes(json_bytes.dumps({"raw": accounts.managed_policies()}))
        bundles = {"empty": None, "raw JSON": raw, "bundle": w2().bundle(), "bundle of W4": w4().bundle()}
        taken = {name: _started(bundle) for name, bundle in bundles.items()}
    for name, (begin, memory) in taken.items():
        yield Result("W2", f"OPA, {name}", "start-up, ms", begin * 1e3)
        yield Result("W2", f"OPA, {name}", "memory, MB", memory / 1e6)
    yield Result("W2", "OPA, bundle", "activation, ms", (taken["bundle"][0] - taken["empty"][0]) * 1e3)
    yield Result("W2", "OPA, bundle", "times raw JSON, memory", taken["bundle"][1] / taken["raw JSON"][1])


def _started(bundle: Path | None) -> tuple[float, float]:
    """Return the seconds until a server with a bundle is ready, the least of several, and its memory at rest."""
    least = float("inf")
    for last in range(_TIMES):
        with Server(bundle, ["--pprof"], with_floor=False) as server:
            least = min(least, server.seconds_to_start)
            memory = _at_rest(server) if last == _TIMES - 1 else 0.0
    return least, memory


def _at_rest(server: Server) -> float:
    """Return the memory once garbage has been collected and given back, which Go does bit by bit."""
    with Connection(server.unix) as connection:
        for _ in range(_ROUNDS):
            connection.exchange(post("/debug/pprof/heap?gc=1", b"", "GET"))
            time.sleep(_PAUSE)
    return float(server.memory())
