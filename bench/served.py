"""What a server answers, over TCP and a unix socket, beside the floor on the same connection."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bench import timing
from bench.client import Connection, post
from bench.result import Result
from bench.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.timing import Times
    from bench.workloads import Workload

BATCH = 500
ROWS = {
    "allow": "/v1/data/iam/authz/allow",
    "decision": "/v1/data/iam/authz/decision",
    "batch": "/v1/data/iam/authz/batch",
    "batch_allow": "/v1/data/iam/authz/batch_allow",
}
_FLOOR = "/v1/data/bench/floor/result"
_WHOLE = "/v1/data/bench/floor/whole"


def measure(workload: Workload, rows: Sequence[str], addresses: Sequence[str], seconds: float) -> Iterator[Result]:
    """Yield the figures of each row over each address."""
    with Server(workload.bundle()) as server:
        for name in addresses:
            with Connection(getattr(server, name)) as connection:
                single = [row for row in rows if not row.startswith("batch")]
                if single:
                    yield from _single(connection, workload, single, name, seconds)
                for row in rows:
                    if row.startswith("batch") and _is_there(connection, row):
                        yield from _batch(connection, workload, row, name, seconds)


def _single(
    connection: Connection, workload: Workload, rows: Sequence[str], name: str, seconds: float
) -> Iterator[Result]:
    messages = {
        "floor": [post(_FLOOR, _body({"x": 1}))],
        "floor, whole request": [post(_WHOLE, _body(request)) for request in workload.requests],
        **{row: [post(ROWS[row], _body(request)) for request in workload.requests] for row in rows},
    }
    times = timing.in_turn(connection, messages, seconds)
    floor = times.pop("floor")
    yield from _figures(workload.name, f"floor, {name}", floor)
    for row, taken in times.items():
        label = f"{row}, {name}"
        yield from _figures(workload.name, label, taken)
        yield Result(workload.name, label, "times floor, median", taken.median / floor.median)
        yield Result(workload.name, label, "times floor, p99", taken.p99 / floor.p99)


def _figures(workload: str, row: str, times: Times) -> Iterator[Result]:
    yield Result(workload, row, "median, µs", times.median * 1e6)
    yield Result(workload, row, "p99, µs", times.p99 * 1e6)


def _batch(connection: Connection, workload: Workload, row: str, name: str, seconds: float) -> Iterator[Result]:
    starts = range(0, len(workload.requests), BATCH)
    bodies = [_body({"requests": workload.requests[start : start + BATCH]}) for start in starts]
    times = timing.in_turn(connection, {row: [post(ROWS[row], body) for body in bodies]}, seconds)[row]
    yield Result(workload.name, f"{row} of {BATCH}, {name}", "a second", BATCH / times.median)


def _is_there(connection: Connection, row: str) -> bool:
    return b"result" in connection.exchange(post(ROWS[row], _body({"requests": []})))


def _body(value: Any) -> bytes:  # noqa: ANN401
    return json.dumps({"input": value}).encode()
