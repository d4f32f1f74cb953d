"""Timing: what is compared takes turns, in blocks of calls, so that drift meets all of it alike."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Row = tuple[Callable[[Any], object], Sequence[Any]]
    """What is called, and what with."""

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


def in_turn(rows: Mapping[str, Row], seconds: float) -> dict[str, Times]:
    """Call each row with what it is called with, a block of one row after the other, in passes until the time is up.

    The first pass warms up. There are at least two passes, however long they take.
    """
    taken: dict[str, list[float]] = {name: [] for name in rows}
    longest = max(len(values) for _, values in rows.values())
    size = min(_BLOCK, longest)
    end = time.monotonic() + seconds
    for number in count():
        for start in range(0, longest, size):
            for name, (call, values) in rows.items():
                block = [_timed(call, values[index % len(values)]) for index in range(start, start + size)]
                taken[name] += block if number else []
        if number and time.monotonic() > end:
            break
    return {name: Times(sorted(times)) for name, times in taken.items()}


def _timed(call: Callable[[Any], object], value: Any) -> float:  # noqa: ANN401
    begun = time.perf_counter()
    call(value)
    return time.perf_counter() - begun
