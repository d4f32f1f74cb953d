"""Whether a principal's requests take longer where there are more policies that it has not."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from bench import accounts, served, timing
from bench.client import Connection
from bench.draw import Principal, requests
from bench.result import Result
from bench.server import Server
from bench.workloads import SEED, kept, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.workloads import Workload

_COUNTS = (3, 30, 300, 1582, 16000)
_ROW = "allow with {:,} policies, tcp"


def measure(seconds: float) -> Iterator[Result]:
    """Yield the figures of the same requests with ever more policies, the servers taking turns."""
    workloads = {count: _workload(count) for count in _COUNTS}
    bundles = [workload.bundle() for workload in workloads.values()]
    with ExitStack() as stack:
        # The floor has a server of its own, else the row on the same one would find it warm.
        servers = [stack.enter_context(Server(bundle)) for bundle in (bundles[0], *bundles)]
        # Only now, for OPA closes a connection on which nothing is asked for half a minute.
        floor, *calls = [stack.enter_context(Connection(server.tcp)).exchange for server in servers]
        rows: dict[str, timing.Row] = {"floor": (floor, served.FLOOR)}
        for call, (count, workload) in zip(calls, workloads.items(), strict=True):
            rows[_ROW.format(count)] = (call, served.posts(served.ROWS["allow"], workload.requests))
        times = timing.in_turn(rows, seconds)
    yield from served.beside_floor("growth", times)
    first, last = (times[_ROW.format(count)].median for count in (_COUNTS[0], _COUNTS[-1]))
    yield Result("growth", f"allow, {_COUNTS[0]} to {_COUNTS[-1]:,} policies", "percent", (last / first - 1) * 100)


def _workload(count: int) -> Workload:
    return kept(f"growth-{count}", partial(_write, count))


def _write(count: int, folder: Path) -> None:
    """Write an account of one role with three policies, and copies of others that nobody has."""
    random = Random(SEED)  # noqa: S311 - the same at every run is the point
    policies = accounts.managed_policies()
    own = random.sample(accounts.attachable(policies), 3)
    export: dict[str, Any] = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
    caller = accounts.added(export, "worker", own, policies, is_user=False)
    others = sorted(policies)
    for number in range(count - len(own)):
        accounts.add_policy(export, f"Copy{number}", policies[others[number % len(others)]])
    drawn = requests(random, [Principal(caller.arn, caller.documents)], 200)
    write_project(folder, drawn, export, aws_managed_policies="attached")
