"""What is read from OPAs' reports, what is kept of it, and what the fleet page makes of it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from typing import TYPE_CHECKING, Any

import pytest

from opa_iam.errors import InputError
from opa_iam.server import archives, asking, fleet, page, reports
from opa_iam.server.fleet import View
from opa_iam.server.reports import BundleReport, Decision, Report
from opa_iam.server.shelf import Shelf
from opa_iam.server.store import Store, StoreError
from serving import small_bundle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LABELS = {"id": "o", "version": "1.22.2", "app": "shop"}


def event(**more: object) -> dict[str, Any]:
    return {"labels": LABELS, "decision_id": "d", "timestamp": "2026-11-27T10:00:00.123456789Z", **more}


def read(*events: dict[str, Any]) -> list[Decision]:
    return reports.decisions(json.dumps(events).encode())


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (True, "allowed"),
        (False, "denied"),
        ({"allow": True}, "allowed"),
        ({"allow": False, "decision": "implicitDeny"}, "denied"),
        ([True], "allowed"),
        (None, "undecided"),
        ("true", "undecided"),
        (1, "undecided"),
        ({}, "undecided"),
        ({"allow": 1}, "undecided"),
        ([], "undecided"),
        ([True, True], "undecided"),
    ],
)
def test_what_a_decision_was(result: object, expected: str) -> None:
    (decision,) = read(event(result=result))
    assert decision.verdict == expected


def test_what_is_kept_of_a_decision() -> None:
    request = {"principal": "arn:p", "action": "s3:GetObject", "resource": "arn:r"}
    bundles = {"iam": {"revision": "7"}}
    (decision,) = read(event(path="/iam/authz/allow", input=request, result=True, bundles=bundles))
    assert (decision.id, decision.part, decision.opa, decision.path) == ("d", 0, "o", "iam/authz/allow")
    assert (decision.revision, decision.labels) == ("7", {"version": "1.22.2", "app": "shop"})
    assert (decision.principal, decision.action, decision.resource) == ("arn:p", "s3:GetObject", "arn:r")
    assert decision.at == pytest.approx(1_795_773_600.123, abs=0.01)
    assert json.loads(decision.event)["input"] == request


def test_a_batch_is_as_many_decisions_as_it_answers() -> None:
    asked = {"requests": [{"principal": {"arn": "arn:p"}, "action": "a:B"}, {"principal": "*"}, None]}
    found = read(event(input=asked, result=[True, {"allow": False}, None]))
    assert [(one.part, one.principal, one.action, one.verdict) for one in found] == [
        (0, "arn:p", "a:B", "allowed"),
        (1, "*", "(not in the log)", "denied"),
        (2, "(not in the log)", "(not in the log)", "undecided"),
    ]
    assert [bool(one.event) for one in found] == [True, False, False]
    (hidden,) = read(event(erased=["/input"], result=[True, False]))
    assert hidden.verdict == "undecided"


def test_what_is_too_long_or_too_deep_is_cut() -> None:
    deep: object = True
    for _ in range(400):
        deep = [deep]
    long, nested = read(event(input={"action": "x" * 20_000}, result=True), event(input=deep, result=True))
    assert (len(long.action), long.event) == (2_000, b"")
    assert (nested.verdict, nested.action) == ("allowed", "(not in the log)")


def test_a_clock_that_is_wrong_does_not_lead_into_the_future() -> None:
    (ahead,) = read(event(timestamp="2999-01-01T00:00:00Z"))
    (none,) = read(event(timestamp="0001-01-01T00:00:00Z"))
    (odd,) = read(event(timestamp=17))
    assert all(abs(one.at - time.time()) < 60 for one in (ahead, none, odd))


def test_a_status_report() -> None:
    bundle = {
        "active_revision": "7",
        "last_successful_activation": "2026-11-27T10:00:00Z",
        "code": "bundle_error",
        "message": "error(s) occurred while compiling",
        "errors": [{"message": "var x is unsafe"}, "odd"],
    }
    refused = {"code": "bundle_error", "message": "server replied with Unauthorized", "http_code": "401"}
    body = {
        "labels": {**LABELS, "odd": 1},
        "bundles": {"iam": bundle, "none": {}, "refused": refused, "odd": []},
        "decision_logs": {"code": "decision_log_error", "http_code": 503},
        "discovery": {"name": "d", "active_revision": "2"},
    }
    found = reports.status(json.dumps(body).encode())
    at = 1_795_773_600.0
    assert found == Report(
        "o",
        {"version": "1.22.2", "app": "shop", "odd": ""},
        (
            BundleReport("iam", "7", at, "error(s) occurred while compiling; var x is unsafe"),
            BundleReport("none", "", None, ""),
            BundleReport("refused", "", None, "server replied with Unauthorized (401)"),
            BundleReport("discovery", "2", None, ""),
        ),
        "decision_log_error (503)",
    )


@pytest.mark.parametrize("body", [b"1", b"{}", b"[[]]", b'[{"labels": []}]', b'[{"labels": {"id": "x"}}]', b"{"])
def test_what_is_no_decision_log(body: bytes) -> None:
    with pytest.raises(InputError):
        reports.decisions(body)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, asking.Asked((), delta=False, wait=0)),
        (
            {"if-none-match": '"a", W/"b"', "prefer": "modes=snapshot,delta;wait=30"},
            asking.Asked(('"a"', '"b"'), delta=True, wait=30),
        ),
        ({"prefer": "modes=snapshot; wait=99999"}, asking.Asked((), delta=False, wait=300)),
        ({"prefer": "WAIT = 5 ; Modes = delta"}, asking.Asked((), delta=True, wait=5)),
        ({"prefer": "wait=-1;wait"}, asking.Asked((), delta=False, wait=0)),
        ({"prefer": "wait=nan"}, asking.Asked((), delta=False, wait=0)),
        ({"if-none-match": "unquoted"}, asking.Asked((), delta=False, wait=0)),
    ],
)
def test_what_a_client_asks_for(headers: dict[str, str], expected: asking.Asked) -> None:
    assert asking.read(headers) == expected


def with_store(tmp_path: Path, work: Callable[[Store], Any], seconds: float = 1e9, decisions: int = 1_000) -> Any:  # noqa: ANN401
    """Run a coroutine function with a store, which is closed afterwards."""

    async def run() -> Any:  # noqa: ANN401
        with Store(tmp_path / "fleet.sqlite", seconds, decisions) as store:
            return await work(store)

    return asyncio.run(run())


def report(revision: str, error: str = "", opa: str = "o", activated: float | None = None) -> Report:
    return Report(opa, {"name": opa}, (BundleReport("iam", revision, activated, error),), "")


def test_since_when_and_which_error_last(tmp_path: Path) -> None:
    async def work(store: Store) -> list[dict[str, Any]]:
        seen = []
        for each in (
            report("1", activated=1000.0),
            report("1", "no signature", activated=2000.0),
            report("1", "no signature still", activated=2000.0),
            report("2", activated=4e12),
        ):
            await store.report(each)
            (opa,) = await store.opas()
            seen += opa["bundles"]
        return seen

    first, failing, still, mended = with_store(tmp_path, work)
    assert (first["since"], first["error"], first["last_error"]) == (1000.0, "", "")
    assert (failing["since"], failing["error"]) == (1000.0, "no signature")
    assert (still["error"], still["error_since"]) == ("no signature still", failing["error_since"])
    assert (mended["error"], mended["error_since"], mended["last_error"]) == ("", None, "no signature still")
    assert abs(mended["since"] - time.time()) < 60, "a clock that is ahead"


def test_no_more_decisions_are_kept_than_may_be(tmp_path: Path) -> None:
    async def work(store: Store) -> dict[str, Any]:
        now = time.time()
        for start in range(0, 50, 10):
            store._cleaned = 0.0  # noqa: SLF001 - as if there had been a pause
            logged = [event(decision_id=str(start + each), timestamp=None, result=False) for each in range(10)]
            await store.log(read(*logged))
        await store.log(read(event(decision_id="old", timestamp="2026-01-01T00:00:00Z", result=False)))
        (row,) = await store.denied_most()
        return {**await store.kept(), "denied": row["count"], "minutes": await store.minutes(now - 120)}

    found = with_store(tmp_path, work, seconds=3600, decisions=20)
    assert (found["count"], found["denied"]) == (20, 20)
    assert sum(row["count"] for row in found["minutes"]) == 50, "what happened is still counted"


def test_an_opa_that_is_not_heard_of_is_forgotten(tmp_path: Path) -> None:
    async def work(store: Store) -> list[str]:
        await store.report(report("1", opa="gone"))
        store._file.execute("UPDATE opas SET last = last - 90000")  # noqa: SLF001 - a day and an hour pass
        store._cleaned = 0.0  # noqa: SLF001
        await store.report(report("1", opa="here"))
        return [opa["id"] for opa in await store.opas()]

    assert with_store(tmp_path, work) == ["here"]


def test_what_was_reported_outlives_the_server(tmp_path: Path) -> None:
    async def first(store: Store) -> float:
        await store.report(report("1"))
        return await store.serving("iam", "1", '"a"')

    async def second(store: Store) -> tuple[float, float, list[str]]:
        same, other = await store.serving("iam", "1", '"a"'), await store.serving("iam", "1", '"b"')
        return same, other, [opa["id"] for opa in await store.opas()]

    since = with_store(tmp_path, first)
    same, other, opas = with_store(tmp_path, second)
    assert (same, other > since, opas) == (since, True, ["o"])
    assert (tmp_path / "fleet.sqlite").stat().st_mode & 0o077 == 0


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "fleet.sqlite") as other:
        other.execute("CREATE TABLE theirs (a)")
    other.close()
    with pytest.raises(InputError, match="another program's"):
        Store(tmp_path / "fleet.sqlite", 1, 1)


def test_a_store_that_fails_says_so(tmp_path: Path) -> None:
    async def work(store: Store) -> None:
        store._file.execute("DROP TABLE opas")  # noqa: SLF001
        with pytest.raises(StoreError, match="no such table"):
            await store.report(report("1"))

    with_store(tmp_path, work)


def look(tmp_path: Path, *told: Report, silent_after: float = 300, older: tuple[str, ...] = ()) -> dict[str, Any]:
    async def work(store: Store) -> dict[str, Any]:
        shelf = Shelf(None)
        for revision in (*older, "2"):
            shelf.put("iam", archives.read(small_bundle(revision)))
        for each in told:
            await store.report(each)
        return await fleet.look(View(shelf, store, silent_after))

    found: dict[str, Any] = with_store(tmp_path, work)
    return found


def test_the_states_of_an_opa(tmp_path: Path) -> None:
    other = Report("other", {}, (BundleReport("theirs", "9", None, ""),), "")
    renamed = Report("renamed", {}, (BundleReport("mine", "1", None, ""),), "")
    found = look(
        tmp_path,
        report("2", opa="current"),
        report("1", opa="behind"),
        report("1", "no signature", opa="failing"),
        report("", opa="starting"),
        other,
        renamed,
        Report("nothing", {}, (), ""),
        older=("1",),
    )
    assert {opa["id"]: (opa["state"], opa["stale"]) for opa in found["opas"]} == {
        "current": ("current", False),
        "behind": ("behind", True),
        "failing": ("failing", True),
        "starting": ("starting", True),
        "other": ("unknown", True),
        "renamed": ("behind", True),
        "nothing": ("unknown", True),
    }
    assert [opa["state"] for opa in found["opas"]] == sorted(
        (opa["state"] for opa in found["opas"]), key=list(fleet.STATES).index
    )
    assert found["state"] == "failing"


def test_who_has_not_reported_for_a_while_is_silent(tmp_path: Path) -> None:
    (opa,) = look(tmp_path, report("2"), silent_after=-1)["opas"]
    assert (opa["state"], opa["stale"], opa["bundles"][0]["state"]) == ("silent", True, "silent")


def test_the_page_says_how_it_is(tmp_path: Path) -> None:
    none = page.render(look(tmp_path / "none"), still=True)
    assert "No OPA has reported yet." in none
    assert "http-equiv" not in none
    good = page.render(look(tmp_path / "good", report("2")), still=False)
    assert "The OPA runs what is served." in good
    assert 'http-equiv="refresh"' in good
    all_good = page.render(look(tmp_path / "all", report("2"), report("2", opa="p")), still=False)
    assert "All 2 OPAs run what is served." in all_good
    bad = page.render(look(tmp_path / "bad", report("2"), report("1", "no <signature>", opa="p")), still=False)
    assert '"verdict bad">1 of 2 OPAs run what is served; 1 failing.' in bad
    assert "no &lt;signature&gt;" in bad


def test_archives_that_cannot_be_served() -> None:
    good = small_bundle("1")
    assert archives.read(good).revision == "1"
    assert archives.read(small_bundle("1")).etag == archives.read(good).etag
    assert archives.read(small_bundle("1", "more")).etag != archives.read(good).etag
    assert archives.read(small_bundle("1", more={".signatures.json": b"{}"})).signed
    for broken in (b"", good[:-9], good[:200], b"x", small_bundle("")):
        with pytest.raises(InputError):
            archives.read(broken)
    with pytest.raises(InputError, match="no JSON object"):
        archives.read(small_bundle("1", more={".manifest": b"[]"}))
