"""Timing over one connection: the floor and the rows in turn, so that drift meets them alike."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.client import Connection

_BLOCK = 50


@dataclass(frozen=True)
class Times:
    """What one kind of request took, in seconds."""

    sorted: Sequence[float]

    def at(self, share: float) -> float:
        """Return the time within which a share of them was done."""
        return self.sorted[min(int(share * len(self.sorted)), len(self.sorted) - 1)]

    @property
    def median(self) -> float:
        """The median."""
        return self.at(0.5)

    @property
    def p99(self) -> float:
        """The time that one in a hundred exceeds."""
        return self.at(0.99)


def in_turn(connection: Connection, rows: Mapping[str, Sequence[bytes]], seconds: float) -> dict[str, Times]:
    """Send each row's messages, a block of each row after the other, in passes until the time is up.

    The first pass warms up. There are at least two passes, however long they take.
    """
    taken: dict[str, list[float]] = {name: [] for name in rows}
    longest = max(map(len, rows.values()))
    size = min(_BLOCK, longest)
    end = time.monotonic() + seconds
    for number in count():
        for start in range(0, longest, size):
            for name, messages in rows.items():
                block = [_timed(connection, messages[index % len(messages)]) for index in range(start, start + size)]
                taken[name] += block if number else []
        if number and time.monotonic() > end:
            break
    return {name: Times(sorted(times)) for name, times in taken.items()}


def _timed(connection: Connection, message: bytes) -> float:
    begun = time.perf_counter()
    connection.exchange(message)
    return time.perf_counter() - begun
