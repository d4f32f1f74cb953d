"""What a server answers, over TCP and a unix socket, beside the floor on the same connection."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bench import timing
from bench.client import Connection, post
from bench.result import Result
from bench.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bench.timing import Times
    from bench.workloads import Workload

BATCH = 500
ROWS = {
    "allow": "/v1/data/iam/authz/allow",
    "decision": "/v1/data/iam/authz/decision",
    "batch": "/v1/data/iam/authz/batch",
    "batch_allow": "/v1/data/iam/authz/batch_allow",
}
WHOLE = "/v1/data/bench/floor/whole"
FLOOR = [post("/v1/data/bench/floor/result", b'{"input":{"x":1}}')]
"""The message of the floor."""


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
    paths = {"floor, whole request": WHOLE, **{row: ROWS[row] for row in rows}}
    messages = {"floor": FLOOR, **{row: posts(path, workload.requests) for row, path in paths.items()}}
    times = timing.in_turn({row: (connection.exchange, sent) for row, sent in messages.items()}, seconds)
    yield from beside_floor(workload.name, {f"{row}, {name}": taken for row, taken in times.items()}, f"floor, {name}")


def beside_floor(workload: str, times: Mapping[str, Times], floor_row: str = "floor") -> Iterator[Result]:
    """Yield the figures of rows, and for all but the floor its ratios to that."""
    floor = times[floor_row]
    for row, taken in times.items():
        yield from _figures(workload, row, taken)
        if row != floor_row:
            yield Result(workload, row, "times floor, median", taken.median / floor.median)
            yield Result(workload, row, "times floor, p99", taken.p99 / floor.p99)


def posts(path: str, requests: Iterable[Any]) -> list[bytes]:
    """Return the message for each request."""
    return [post(path, _body(request)) for request in requests]


def _figures(workload: str, row: str, times: Times) -> Iterator[Result]:
    yield Result(workload, row, "median, µs", times.median * 1e6)
    yield Result(workload, row, "p99, µs", times.p99 * 1e6)


def _batch(connection: Connection, workload: Workload, row: str, name: str, seconds: float) -> Iterator[Result]:
    starts = range(0, len(workload.requests), BATCH)
    sent = posts(ROWS[row], ({"requests": workload.requests[start : start + BATCH]} for start in starts))
    times = timing.in_turn({row: (connection.exchange, sent)}, seconds)[row]
    yield Result(workload.name, f"{row} of {BATCH}, {name}", "a second", BATCH / times.median)


def _is_there(connection: Connection, row: str) -> bool:
    return b"result" in connection.exchange(post(ROWS[row], _body({"requests": []})))


def _body(value: Any) -> bytes:  # noqa: ANN401
    return json.dumps({"input": value}).encode()
