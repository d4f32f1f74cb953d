"""What is to be seen of the fleet: which OPA runs what, since when, and what they decide; /fleet.json is this."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from opa_iam.server.store import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opa_iam.server.shelf import Bundle, Shelf
    from opa_iam.server.store import Store

STATES = {
    "failing": "could not load the newest bundle, and runs an older one or none",
    "silent": "has not reported for a while, so what it runs is not known",
    "behind": "runs another revision than the one that is served",
    "starting": "has no bundle yet, and allows nothing",
    "unknown": "reports a bundle that is not served here, or no bundle",
    "current": "runs what is served",
}
"""How it is with an OPA and a bundle, worst first. Every state but the last is stale."""

_ORDER = tuple(STATES)
_MINUTES_SHOWN = 60
_MINUTES_FOR_RATE = 10


@dataclass(frozen=True)
class View:
    """What the fleet is looked at with.

    Attributes:
        shelf: what is served.
        store: what OPAs reported.
        silent_after: after how many seconds without a report an OPA is silent.
    """

    shelf: Shelf
    store: Store
    silent_after: float


async def look(view: View) -> dict[str, Any]:
    """Return the fleet as it is now.

    Raises:
        StoreError: what was reported can't be read.
    """
    now = time.time()
    minutes = await view.store.minutes(now - _MINUTES_SHOWN * 60)
    rates = _rates(minutes, now)
    opas = [_opa(row, view, now, rates) for row in await view.store.opas()]
    kept = await view.store.kept()
    return {
        "at": _said(now),
        "state": min((opa["state"] for opa in opas), key=_ORDER.index, default="unknown"),
        "bundles": [_served(bundle) for bundle in view.shelf.bundles.values()],
        "problems": [{"bundle": name, "message": message} for name, message in view.shelf.problems.items()],
        "opas": sorted(opas, key=lambda opa: _ORDER.index(opa["state"])),
        "decisions": {
            "per_minute": {verdict: round(sum(rate[verdict] for rate in rates.values()), 1) for verdict in VERDICTS},
            "minutes": _history(minutes, now),
            "kept": kept["count"],
            "kept_since": _said(kept["since"]),
        },
        "denied_most": [{**row, "last": _said(row["last"])} for row in await view.store.denied_most()],
    }


def _served(bundle: Bundle) -> dict[str, Any]:
    return {
        "name": bundle.name,
        "revision": bundle.archive.revision,
        "since": _said(bundle.since),
        "size": len(bundle.archive.content),
        "etag": bundle.archive.etag.strip('"'),
        "signed": bundle.archive.signed,
    }


def _opa(row: dict[str, Any], view: View, now: float, rates: dict[str, dict[str, float]]) -> dict[str, Any]:
    silent = row["reported"] is None or now - row["reported"] > view.silent_after
    bundles = [_runs(bundle, view.shelf, silent=silent) for bundle in row["bundles"]]
    state = min((bundle["state"] for bundle in bundles), key=_ORDER.index, default="silent" if silent else "unknown")
    return {
        "id": row["id"],
        "version": row["labels"].get("version", ""),
        "labels": {name: value for name, value in row["labels"].items() if name != "version"},
        "state": state,
        "stale": state != "current",
        "first_heard": _said(row["first"]),
        "last_heard": _said(row["last"]),
        "last_report": _said(row["reported"]),
        "bundles": bundles,
        "log_error": row["log_error"],
        "per_minute": {verdict: round(rate, 1) for verdict, rate in rates[row["id"]].items()},
    }


def _runs(row: dict[str, Any], shelf: Shelf, *, silent: bool) -> dict[str, Any]:
    served = _served_as(row, shelf.bundles)
    state = "silent" if silent else _state(row, served)
    return {
        "name": row["name"],
        "revision": row["revision"],
        "since": _said(row["since"]),
        "state": state,
        "stale": state != "current",
        "served_revision": served.archive.revision if served else "",
        "error": row["error"],
        "error_since": _said(row["error_since"]),
        "last_error": row["last_error"],
        "last_error_at": _said(row["last_error_at"]),
    }


def _state(row: dict[str, Any], served: Bundle | None) -> str:
    if row["error"]:
        return "failing"
    if not row["revision"]:
        return "starting"
    if served is None:
        return "unknown"
    return "current" if row["revision"] == served.archive.revision else "behind"


def _served_as(row: dict[str, Any], bundles: dict[str, Bundle]) -> Bundle | None:
    """Return the bundle that an OPA means, which may call it otherwise: then the revision tells."""
    if row["name"] in bundles:
        return bundles[row["name"]]
    for bundle in bundles.values():
        if row["revision"] in (one.revision for one in (bundle.archive, *bundle.older.values())):
            return bundle
    return None


def _rates(minutes: Iterable[dict[str, Any]], now: float) -> dict[str, dict[str, float]]:
    """Return the decisions a minute by OPA, over the last minutes that are over and had any report."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(VERDICTS, 0.0))
    last = int(now // 60)
    for row in minutes:
        if last - _MINUTES_FOR_RATE <= row["minute"] < last:
            found[row["opa"]][row["verdict"]] += row["count"] / _MINUTES_FOR_RATE
    return found


def _history(minutes: Iterable[dict[str, Any]], now: float) -> list[dict[str, Any]]:
    """Return how many decisions there were in each of the last minutes, the one that runs among them."""
    counts: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(VERDICTS, 0))
    for row in minutes:
        counts[row["minute"]][row["verdict"]] += row["count"]
    last = int(now // 60)
    return [{"at": _said(minute * 60), **counts[minute]} for minute in range(last - _MINUTES_SHOWN + 1, last + 1)]


def _said(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
