"""The fleet as a page: one file of HTML that asks for nothing else, and in which a browser runs nothing."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from opa_iam.server.fleet import STATES
from opa_iam.server.store import VERDICTS

_FOLDER = Path(__file__).parent
_STYLE = (_FOLDER / "fleet.css").read_text("utf-8")
_SECONDS_BETWEEN_LOOKS = 15
_OPAS_SHOWN = 200
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
"""What a browser is told: nothing from elsewhere, no script, no frame, no copy."""


def render(fleet: dict[str, Any], *, still: bool) -> str:
    """Return the page.

    Args:
        fleet: what `fleet.look` gives.
        still: whether it stays as it is; it looks again by itself otherwise.
    """
    most = max(sum(minute[verdict] for verdict in VERDICTS) for minute in fleet["decisions"]["minutes"])
    return _TEMPLATE.render(
        **fleet,
        now=fleet["at"],
        shown=fleet["opas"][:_OPAS_SHOWN],
        current=_count(fleet, "current"),
        counts=[f"{count} {state}" for state in STATES if (count := _count(fleet, state)) and state != "current"],
        bars=_bars(fleet["decisions"]["minutes"], most),
        most=most,
        states=STATES,
        style=_STYLE,
        seconds=None if still else _SECONDS_BETWEEN_LOOKS,
    )


def _count(fleet: dict[str, Any], state: str) -> int:
    return sum(opa["state"] == state for opa in fleet["opas"])


def _ago(at: str | None, now: str) -> str:
    """Say a time as people do."""
    if at is None:
        return "never"
    seconds = max(0, (datetime.fromisoformat(now) - datetime.fromisoformat(at)).total_seconds())
    for unit, length in _UNITS:
        count = int(seconds // length)
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "now"


def _called(opa: dict[str, Any]) -> str:
    """Return what a person would call an OPA."""
    labels = opa["labels"]
    return str(labels.get("name") or labels.get("app") or opa["id"][:8])


def _size(count: int) -> str:
    return f"{max(count / 1024, 1):,.0f} KiB" if count < 1 << 20 else f"{count / (1 << 20):,.1f} MiB"


def _bars(minutes: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """Return the bars of the chart: heights in percent of the highest minute, and from where they stand up."""
    bars = []
    for place, minute in enumerate(minutes):
        under = 0.0
        for verdict in ("denied", "undecided", "allowed"):
            height = 100 * minute[verdict] / (most or 1)
            if height:
                bars.append({"x": place, "y": 100 - under - height, "height": height, "verdict": verdict})
            under += height
    return bars


def _local(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_ENVIRONMENT.filters.update(ago=_ago, called=_called, size=_size, local=_local)
_TEMPLATE = _ENVIRONMENT.get_template("fleet.html")
