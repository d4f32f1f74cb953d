"""Fifty activations under load: every answer is the old revision's or the new one's, and none fails."""

from __future__ import annotations

import json
import statistics
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import requests

from opa_iam import archive, bundle, project
from serving import SECONDS, BundleServer, Opa, put, wait

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_ACTIVATIONS = 50
_CLIENTS = 2
_REQUEST = {
    "principal": "arn:aws:iam::111122223333:role/Reader",
    "action": "s3:GetObject",
    "resource": "arn:aws:s3:::shop/prices",
    "resource_account": "111122223333",
}
_PROJECT = """name: iam
accounts:
  "111122223333":
    roles:
      - name: Reader
        inline_policies:
          Read: {Version: 2012-10-17, Statement: [{Effect: ACTION, Action: "s3:GetObject", Resource: "*"}]}
"""


@dataclass
class Revisions:
    """The bundles: even ones allow, odd ones deny; every second one has other Rego than the one before."""

    files: list[dict[str, bytes]]

    def archive(self, number: int) -> bytes:
        files = dict(self.files[number % 2])
        for name in (".manifest", "data.json"):
            value = json.loads(files[name])
            (value if name == ".manifest" else value["iam"]["bundle"])["revision"] = str(number)
            files[name] = json.dumps(value).encode()
        rego = "iam/authz/authz.rego"
        return archive.packed({**files, rego: files[rego] + f"\n# {number // 2}\n".encode()})


@dataclass
class Client:
    """Asks as fast as it can until it is told to stop."""

    url: str
    bounds: Callable[[], tuple[int, int]]
    stop: threading.Event
    expected: list[dict[str, Any]]
    milliseconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def run(self) -> None:
        try:
            with requests.Session() as session:
                while not self.stop.is_set():
                    self._ask(session)
        except Exception as error:  # noqa: BLE001 - a thread's exceptions are its test's
            self.faults.append(repr(error))

    def _ask(self, session: requests.Session) -> None:
        oldest, _ = self.bounds()
        started = time.perf_counter()
        reply = session.post(f"{self.url}/v1/data/iam/authz/decision", json={"input": _REQUEST}, timeout=SECONDS)
        self.milliseconds.append((time.perf_counter() - started) * 1000)
        _, newest = self.bounds()
        answer = reply.json().get("result", {})
        revision = int(answer.pop("revision", "-1"))
        if not oldest <= revision <= newest or answer != self.expected[revision % 2]:
            self.faults.append(f"{reply.status_code}, revision {revision} of {oldest} to {newest}: {answer}")


@pytest.fixture(scope="module")
def revisions(tmp_path_factory: pytest.TempPathFactory) -> Revisions:
    found = []
    for effect in ("Allow", "Deny"):
        folder = tmp_path_factory.mktemp(effect)
        (folder / "bundle.yaml").write_text(_PROJECT.replace("ACTION", effect), "utf-8")
        bundle.build(project.read(folder / "bundle.yaml"), folder / "bundle.tar.gz")
        found.append(dict(archive.entries(folder / "bundle.tar.gz")))
    return Revisions(found)


@pytest.mark.slow
def test_fifty_activations_under_load(
    revisions: Revisions, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    server = BundleServer(tmp_path)
    (server.bundles / "iam.tar.gz").write_bytes(revisions.archive(0))
    with server, Opa(tmp_path, server.url) as opa:

        def decided() -> dict[str, Any]:
            reply = opa.session.post(f"{opa.url}/v1/data/iam/authz/decision", json={"input": _REQUEST}, timeout=SECONDS)
            assert "result" in reply.json(), reply.text
            found: dict[str, Any] = reply.json()["result"]
            return found

        def activate(number: int) -> str:
            put(server.bundles / "iam.tar.gz", revisions.archive(number))
            wait(lambda: decided()["revision"] == str(number), opa.printed)
            return str(opa.status()["type"])

        expected = [decided()]
        activate(1)
        expected.append(decided())
        assert [answer["decision"] for answer in expected] == ["allowed", "explicitDeny"]
        for answer in expected:
            del answer["revision"]

        bounds = [1, 1]
        stop = threading.Event()
        clients = [Client(opa.url, lambda: (bounds[0], bounds[1]), stop, expected) for _ in range(_CLIENTS)]
        threads = [threading.Thread(target=client.run) for client in clients]
        for thread in threads:
            thread.start()
        kinds = []
        try:
            for number in range(2, _ACTIVATIONS + 2):
                bounds[1] = number
                kinds.append(activate(number))
                bounds[0] = number
        finally:
            stop.set()
            for thread in threads:
                thread.join(SECONDS)
        wait(lambda: server.seen("one")["bundles"][0]["revision"] == str(_ACTIVATIONS + 1))

    assert [fault for client in clients for fault in client.faults] == []
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"snapshot": 50}
    times = [each for client in clients for each in client.milliseconds]
    p50, p99 = (statistics.quantiles(times, n=100)[place] for place in (49, 98))
    record_property("requests", len(times))
    record_property("p99_ms", round(p99, 2))
    print(f"{len(times)} requests, p50 {p50:.2f} ms, p99 {p99:.2f} ms, longest {max(times):.2f} ms")  # noqa: T201
    assert len(times) > 1000, "too few to say anything"
