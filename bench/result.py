"""What was measured, what was aimed at, and the table of both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TARGETS = Path(__file__).with_name("targets.yaml")
_HEADS = ("workload", "row", "measure", "value", "target", "")


@dataclass(frozen=True)
class Result:
    """One figure.

    Attributes:
        workload: what it was measured on.
        row: what was measured.
        measure: which figure of it, with its unit.
        value: the figure.
    """

    workload: str
    row: str
    measure: str
    value: float

    @property
    def key(self) -> tuple[str, str, str]:
        """What a target names it by."""
        return self.workload, self.row, self.measure


def targets() -> dict[tuple[str, str, str], tuple[str, float]]:
    """Return the targets: by what they are about, `at_most` or `at_least`, and the figure."""
    entries: list[dict[str, Any]] = yaml.safe_load(_TARGETS.read_text("utf-8"))
    found = {}
    for entry in entries:
        kind = "at_most" if "at_most" in entry else "at_least"
        found[entry["workload"], entry["row"], entry["measure"]] = kind, float(entry[kind])
    return found


def table(results: Iterable[Result]) -> tuple[str, bool]:
    """Return the results as a table, and whether every target that was measured is met."""
    wanted = targets()
    rows: list[Sequence[str]] = [_HEADS]
    missed = False
    for result in results:
        kind, figure = wanted.get(result.key, ("", 0.0))
        met = not kind or (result.value <= figure if kind == "at_most" else result.value >= figure)
        missed = missed or not met
        target = f"{'≤' if kind == 'at_most' else '≥'} {_figure(figure)}" if kind else ""
        rows.append((*result.key, _figure(result.value), target, "" if not kind else "met" if met else "MISSED"))
    return _aligned(rows), not missed


def _figure(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 1 else f"{value:.2f}"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)
