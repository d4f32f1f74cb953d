"""What OPAs send: status reports and decision logs, checked, and reduced to what the fleet page needs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from opa_iam import json_bytes
from opa_iam.errors import InputError

_LONGEST = 2_000  # characters of a text that is kept
_LABELS = 32
_BUNDLES = 64
_EVENT = 16_384  # bytes of a decision that are kept; of a longer one, what it was about
_BATCH = 10_000  # answers of one decision that are told apart
_HIDDEN = "(not in the log)"

ALLOWED, DENIED, UNDECIDED = "allowed", "denied", "undecided"


@dataclass(frozen=True)
class BundleReport:
    """What an OPA says of one bundle.

    Attributes:
        name: the bundle's name in the OPA's own configuration.
        revision: what it runs; empty for nothing yet.
        activated: since when, in seconds of the epoch, by its clock; None where it doesn't say.
        error: why the last download or activation failed; empty where it did not.
    """

    name: str
    revision: str
    activated: float | None
    error: str


@dataclass(frozen=True)
class Report:
    """A status report.

    Attributes:
        opa: the id by which OPA calls itself, another at each start unless it is configured.
        labels: what else it calls itself, its version among it.
        bundles: what it says of its bundles.
        error: why it could not upload decision logs; empty where it could.
    """

    opa: str
    labels: dict[str, str]
    bundles: tuple[BundleReport, ...]
    error: str


@dataclass(frozen=True)
class Decision:
    """One answer to one request.

    Attributes:
        id: of the decision, by which one that is sent twice is known.
        part: which answer of a batch it is, from 0.
        opa: who decided.
        labels: what else that OPA calls itself.
        at: when, in seconds of the epoch; never later than it came.
        path: which rule was asked.
        revision: of the bundle with which it was decided.
        principal: who asked for access.
        action: to do what.
        resource: with what.
        verdict: `allowed`, `denied`, or `undecided` where the answer was neither.
        event: what OPA logged, as JSON; empty where it is too long to be kept, and for all but the first of a batch.
    """

    id: str
    part: int
    opa: str
    labels: dict[str, str]
    at: float
    path: str
    revision: str
    principal: str
    action: str
    resource: str
    verdict: str
    event: bytes


def status(body: bytes) -> Report:
    """Read a status report.

    Raises:
        InputError: it is none.
    """
    value = _object(_json(body), "a status report")
    labels = _labels(value)
    bundles = [*_named(value.get("bundles")), *_named({"discovery": value.get("discovery")})]
    return Report(labels.pop("id"), labels, tuple(bundles), _error(value.get("decision_logs")))


def decisions(body: bytes) -> list[Decision]:
    """Read a decision log.

    Raises:
        InputError: it is none.
    """
    events = _json(body)
    if not isinstance(events, list):
        raise InputError("a decision log is a list")
    now = time.time()
    return [decision for event in events for decision in _decisions(_object(event, "a decision"), now)]


def _decisions(event: dict[str, Any], now: float) -> list[Decision]:
    labels = _labels(event)
    opa = labels.pop("id")
    identity = event.get("decision_id")
    if not isinstance(identity, str) or not identity:
        raise InputError("a decision has no decision_id")
    at = _time(event.get("timestamp"))
    logged = _logged(event)
    return [
        Decision(
            id=identity[:_LONGEST],
            part=part,
            opa=opa,
            labels=labels,
            at=now if at is None else min(at, now),
            path=_text(event.get("path")).strip("/"),
            revision=_revision(event),
            principal=_principal(request),
            action=_of(request, "action"),
            resource=_of(request, "resource"),
            verdict=_verdict(result),
            event=b"" if part else logged,
        )
        for part, (request, result) in enumerate(_answers(event))
    ]


def _logged(event: dict[str, Any]) -> bytes:
    try:
        logged = json_bytes.dumps(event)
    except RecursionError:
        return b""
    return logged if len(logged) <= _EVENT else b""


def _answers(event: dict[str, Any]) -> list[tuple[object, object]]:
    """Return requests and answers; a batch has several, as long as the log hides neither."""
    request, result = event.get("input"), event.get("result")
    requests = request.get("requests") if isinstance(request, dict) else None
    if isinstance(requests, list) and isinstance(result, list) and len(requests) == len(result) and result:
        return list(zip(requests, result, strict=True))[:_BATCH]
    return [(request, result[0] if isinstance(result, list) and len(result) == 1 else result)]


def _verdict(result: object) -> str:
    """Tell what an answer is: `allow`'s, which is true or false, or `decision`'s, which has it."""
    allow = result.get("allow") if isinstance(result, dict) else result
    if isinstance(allow, bool):
        return ALLOWED if allow else DENIED
    return UNDECIDED


def _principal(request: object) -> str:
    principal = request.get("principal") if isinstance(request, dict) else None
    return _of(principal, "arn") if isinstance(principal, dict) else _of(request, "principal")


def _of(request: object, member: str) -> str:
    value = request.get(member) if isinstance(request, dict) else None
    return _text(value) or _HIDDEN


def _revision(event: dict[str, Any]) -> str:
    bundles = event.get("bundles")
    each = bundles.values() if isinstance(bundles, dict) else ()
    return _text(", ".join(_text(bundle.get("revision")) for bundle in each if isinstance(bundle, dict)))


def _named(bundles: object) -> list[BundleReport]:
    found = bundles.items() if isinstance(bundles, dict) else ()
    return [
        BundleReport(
            name=name[:_LONGEST],
            revision=_text(one.get("active_revision")),
            activated=_time(one.get("last_successful_activation")),
            error=_error(one),
        )
        for name, one in list(found)[:_BUNDLES]
        if isinstance(one, dict)
    ]


def _error(value: object) -> str:
    """Return what a part of a status says went wrong, with what the compiler found."""
    if not isinstance(value, dict) or not (value.get("code") or value.get("message")):
        return ""
    found = value.get("errors")
    details = [_text(one.get("message")) for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    code = value.get("http_code")
    status = f" ({code})" if isinstance(code, int | str) and code != "" else ""
    return _text("; ".join([f"{_text(value.get('message')) or _text(value.get('code'))}{status}", *details]))


def _labels(value: dict[str, Any]) -> dict[str, str]:
    labels = _object(value.get("labels"), "labels")
    found = {name[:_LONGEST]: _text(label) for name, label in list(labels.items())[:_LABELS]}
    if not _text(labels.get("id")):
        raise InputError("the labels have no id")
    return {**found, "id": _text(labels["id"])}


def _time(value: object) -> float | None:
    """Return a time as seconds of the epoch; Go's zero time, the year 1, stands for none."""
    try:
        found = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found.timestamp() if found.year > 1970 else None  # noqa: PLR2004


def _text(value: object) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""


def _json(body: bytes) -> object:
    try:
        return json_bytes.loads(body)
    except ValueError as error:
        raise InputError(f"it is no JSON: {error}") from error


def _object(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{what} must be an object")
    return value
