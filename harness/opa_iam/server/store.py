"""What OPAs reported, in one SQLite file, which forgets what is old and never holds more than it should.

    served      what was served under a name, and since when
    opas        each OPA: its labels, when it was first and last heard of, what it can't log
    bundles     what each OPA says of each bundle: the revision, since when, the error, and the last one that it had
    decisions   one answer each, with what OPA logged
    minutes     how many decisions of each kind an OPA made in a minute

One thread does everything that is to be done with the file.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self, TypeVar, TypeVarTuple

from opa_iam import json_bytes
from opa_iam.errors import InputError, OpaIamError
from opa_iam.server.reports import ALLOWED, DENIED, UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from opa_iam.server.reports import BundleReport, Decision, Report

_SCHEMA = """
CREATE TABLE IF NOT EXISTS served (bundle TEXT, revision TEXT, etag TEXT, since REAL, PRIMARY KEY (bundle));
CREATE TABLE IF NOT EXISTS opas (
    id TEXT PRIMARY KEY, labels TEXT, first REAL, last REAL, reported REAL, log_error TEXT DEFAULT '');
CREATE TABLE IF NOT EXISTS bundles (
    opa TEXT, name TEXT, revision TEXT, since REAL, error TEXT, error_since REAL, last_error TEXT, last_error_at REAL,
    PRIMARY KEY (opa, name));
CREATE TABLE IF NOT EXISTS decisions (
    id TEXT, part INTEGER, opa TEXT, at REAL, path TEXT, revision TEXT, principal TEXT, action TEXT, resource TEXT,
    verdict TEXT, event TEXT, PRIMARY KEY (id, part));
CREATE INDEX IF NOT EXISTS decisions_at ON decisions (at);
CREATE TABLE IF NOT EXISTS minutes (
    opa TEXT, minute INTEGER, verdict TEXT, count INTEGER, PRIMARY KEY (opa, minute, verdict));
"""
_Given = TypeVarTuple("_Given")
_Made = TypeVar("_Made")
_VERSION = 1
_OPAS = 5_000
_SECONDS_OF_SILENCE = 86_400.0  # OPA has another id at each start: who is gone is not to be listed for a week
_SECONDS_BETWEEN_CLEANINGS = 30.0
_DENIED_MOST = 20
VERDICTS = (ALLOWED, DENIED, UNDECIDED)


class StoreError(OpaIamError):
    """The file can't be written or read just now."""

    exit_code = 3


class Store:
    """The file, for the event loop."""

    def __init__(self, file: Path, keep_seconds: float, keep_decisions: int) -> None:
        """Open the file, which is made where there is none.

        Args:
            file: where.
            keep_seconds: after how long a decision is forgotten; an OPA that says nothing is after a day at most.
            keep_decisions: how many decisions are kept at most.

        Raises:
            InputError: it can't be opened, or is another program's.
        """
        self._keep_seconds, self._keep_decisions = keep_seconds, keep_decisions
        self._cleaned = 0.0
        self._thread = ThreadPoolExecutor(1, "store")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))  # what is logged is for nobody else's eyes
            self._file = sqlite3.connect(file, check_same_thread=False)
            self._file.row_factory = sqlite3.Row
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            if hasattr(self, "_file"):
                self._file.close()
            raise InputError(f"{file}: can't be used for what OPAs report: {error}") from error

    def close(self) -> None:
        """Finish what is being written, and let go of the file."""
        self._thread.submit(self._file.close).result()
        self._thread.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def serving(self, bundle: str, revision: str, etag: str) -> float:
        """Note what is served, and return since when, also where that was before this server was started."""
        return await self._do(self._serving, bundle, revision, etag)

    async def report(self, report: Report) -> None:
        """Keep a status report."""
        await self._do(self._report, report)

    async def log(self, decisions: Iterable[Decision]) -> None:
        """Keep decisions, each once however often it is sent."""
        await self._do(self._log, list(decisions))

    async def opas(self) -> list[dict[str, Any]]:
        """Return the OPAs, each with its `labels` and `bundles`."""
        return await self._do(self._opas)

    async def minutes(self, since: float) -> list[dict[str, Any]]:
        """Return how many decisions there were: `opa`, `minute` of the epoch, `verdict`, `count`."""
        query = "SELECT opa, minute, verdict, count FROM minutes WHERE minute >= ?"
        return await self._do(self._rows, query, int(since // 60))

    async def denied_most(self) -> list[dict[str, Any]]:
        """Return what was denied most among the decisions that are kept: `principal`, `action`, `count`, `last`."""
        query = (
            "SELECT principal, action, count(*) AS count, max(at) AS last FROM decisions WHERE verdict = ?"
            " GROUP BY principal, action ORDER BY count DESC, last DESC LIMIT ?"
        )
        return await self._do(self._rows, query, DENIED, _DENIED_MOST)

    async def kept(self) -> dict[str, Any]:
        """Return how many decisions are kept (`count`), and since when (`since`)."""
        (found,) = await self._do(self._rows, "SELECT count(*) AS count, min(at) AS since FROM decisions")
        return found

    async def _do(self, work: Callable[[*_Given], _Made], *arguments: *_Given) -> _Made:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
        except sqlite3.Error as error:
            raise StoreError(f"what OPAs report can't be kept: {error}") from error

    def _prepare(self) -> None:
        version = self._file.execute("PRAGMA user_version").fetchone()[0]
        tables = self._file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version != _VERSION and tables:
            raise sqlite3.DatabaseError("it is another program's, or another version's")
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = NORMAL")
        self._file.executescript(_SCHEMA)
        self._file.execute(f"PRAGMA user_version = {_VERSION}")

    def _rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        return [dict(row) for row in self._file.execute(query, values)]

    @contextmanager
    def _writing(self) -> Iterator[float]:
        """Write all or nothing, and clean up from time to time; gives the time."""
        now = time.time()
        with self._file:
            yield now
            if now - self._cleaned > _SECONDS_BETWEEN_CLEANINGS or now < self._cleaned:
                self._clean(now)
                self._cleaned = now

    def _serving(self, bundle: str, revision: str, etag: str) -> float:
        with self._writing() as now:
            for row in self._rows("SELECT * FROM served WHERE bundle = ?", bundle):
                if (row["revision"], row["etag"]) == (revision, etag):
                    return float(row["since"])
            self._file.execute("INSERT OR REPLACE INTO served VALUES (?, ?, ?, ?)", (bundle, revision, etag, now))
        return now

    def _report(self, report: Report) -> None:
        with self._writing() as now:
            self._heard(report.opa, report.labels, now)
            statement = "UPDATE opas SET labels = ?, reported = ?, log_error = ? WHERE id = ?"
            labels = json_bytes.dumps(report.labels).decode()
            self._file.execute(statement, (labels, now, report.error, report.opa))
            old = {row["name"]: row for row in self._rows("SELECT * FROM bundles WHERE opa = ?", report.opa)}
            rows = [(report.opa, *_bundle(bundle, old.get(bundle.name), now)) for bundle in report.bundles]
            self._file.execute("DELETE FROM bundles WHERE opa = ?", (report.opa,))
            self._file.executemany("INSERT INTO bundles VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _log(self, decisions: list[Decision]) -> None:
        with self._writing() as now:
            for decision in decisions:
                if now - decision.at < self._keep_seconds:
                    self._count(decision)
            for opa, labels in {decision.opa: decision.labels for decision in decisions}.items():
                self._heard(opa, labels, now)

    def _count(self, one: Decision) -> None:
        row = (
            *(one.id, one.part, one.opa, one.at, one.path, one.revision),
            *(one.principal, one.action, one.resource, one.verdict, one.event.decode()),
        )
        done = self._file.execute(f"INSERT OR IGNORE INTO decisions VALUES ({','.join('?' * len(row))})", row)  # noqa: S608
        if done.rowcount:
            self._file.execute(
                "INSERT INTO minutes VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1",
                (one.opa, int(one.at // 60), one.verdict),
            )

    def _heard(self, opa: str, labels: dict[str, str], now: float) -> None:
        self._file.execute(
            "INSERT INTO opas (id, labels, first, last) VALUES (?1, ?2, ?3, ?3) ON CONFLICT DO UPDATE SET last = ?3",
            (opa, json_bytes.dumps(labels).decode(), now),
        )

    def _opas(self) -> list[dict[str, Any]]:
        found = {
            row["id"]: {**row, "labels": json_bytes.loads(row["labels"])}
            for row in self._rows("SELECT * FROM opas ORDER BY first, id")
        }
        for opa in found.values():
            opa["bundles"] = []
        for row in self._rows("SELECT * FROM bundles ORDER BY name"):
            found[row.pop("opa")]["bundles"].append(row)
        return list(found.values())

    def _clean(self, now: float) -> None:
        oldest = now - self._keep_seconds
        execute = self._file.execute
        execute("DELETE FROM decisions WHERE at < ?", (oldest,))
        # Numbers are given in order, so that this is as many as there may be, without counting them.
        kept = "SELECT rowid FROM decisions ORDER BY rowid DESC LIMIT 1 OFFSET ?"
        execute(f"DELETE FROM decisions WHERE rowid <= ({kept})", (self._keep_decisions,))  # noqa: S608
        execute("DELETE FROM minutes WHERE minute < ?", (int(oldest // 60),))
        newest = "SELECT id FROM opas WHERE last >= ? ORDER BY last DESC LIMIT ?"
        execute(f"DELETE FROM opas WHERE id NOT IN ({newest})", (max(oldest, now - _SECONDS_OF_SILENCE), _OPAS))  # noqa: S608
        for table in ("bundles", "minutes"):
            execute(f"DELETE FROM {table} WHERE opa NOT IN (SELECT id FROM opas)")  # noqa: S608


def _bundle(new: BundleReport, old: dict[str, Any] | None, now: float) -> tuple[object, ...]:
    """Return what is known of a bundle from what was, and what its OPA says now."""
    if old and old["revision"] == new.revision:
        since = old["since"]
    else:
        since = min(new.activated or now, now) if new.revision else None
    was = old or {"error": "", "error_since": None, "last_error": "", "last_error_at": None}
    error_since = (was["error_since"] if was["error"] else now) if new.error else None
    last = (new.error, now) if new.error else (was["last_error"], was["last_error_at"])
    return (new.name, new.revision, since, new.error, error_since, *last)
