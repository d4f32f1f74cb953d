"""Activations under load: every answer is the old revision's or the new one's, and none fails."""

from __future__ import annotations

import json
import statistics
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import requests

from opa_iam import archive, bundle_commands, project
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
_REGO = "iam/authz/authz.rego"
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
    """Archives by the names of their bundles: even revisions allow, odd ones deny."""

    files: list[dict[str, dict[str, bytes]]]

    def archives(self, number: int) -> dict[str, bytes]:
        """Return what a revision changes: of a whole bundle the Rego too, every second time."""
        return {
            name: self._archive(number, files) for name, files in self.files[number % 2].items() if _has_data(files)
        }

    def rego(self) -> dict[str, bytes]:
        """Return what stays as it is."""
        return {name: archive.packed(files) for name, files in self.files[0].items() if not _has_data(files)}

    def _archive(self, number: int, files: dict[str, bytes]) -> bytes:
        changed = dict(files)
        for name in (".manifest", "data.json"):
            value = json.loads(files[name])
            (value if name == ".manifest" else value["iam"]["bundle"])["revision"] = str(number)
            changed[name] = json.dumps(value).encode()
        if _REGO in files:
            changed[_REGO] += f"\n# {number // 2}\n".encode()
        return archive.packed(changed)


def _has_data(files: dict[str, bytes]) -> bool:
    return "iam" in json.loads(files["data.json"])


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


def _revisions(folder: Path, *, split: bool) -> Revisions:
    found = []
    for effect in ("Allow", "Deny"):
        place = folder / effect
        place.mkdir()
        (place / "bundle.yaml").write_text(_PROJECT.replace("ACTION", effect), "utf-8")
        built = bundle_commands.build(project.read(place / "bundle.yaml"), place / "iam.tar.gz", (), split=split)
        found.append({file.name.removesuffix(".tar.gz"): dict(archive.entries(file)) for file in built})
    return Revisions(found)


@pytest.mark.slow
@pytest.mark.parametrize("split", [False, True])
def test_fifty_activations_under_load(
    tmp_path: Path, record_property: Callable[[str, object], None], *, split: bool
) -> None:
    server, revisions = BundleServer(tmp_path), _revisions(tmp_path, split=split)
    first = {**revisions.rego(), **revisions.archives(0)}
    for name, content in first.items():
        (server.bundles / f"{name}.tar.gz").write_bytes(content)
    with server, Opa(tmp_path, server.url, names=list(first)) as opa:

        def decided() -> dict[str, Any]:
            reply = opa.session.post(f"{opa.url}/v1/data/iam/authz/decision", json={"input": _REQUEST}, timeout=SECONDS)
            assert "result" in reply.json(), reply.text
            found: dict[str, Any] = reply.json()["result"]
            return found

        def activate(number: int) -> None:
            for name, content in revisions.archives(number).items():
                put(server.bundles / f"{name}.tar.gz", content)
            wait(lambda: decided()["revision"] == str(number), opa.printed)

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
        try:
            for number in range(2, _ACTIVATIONS + 2):
                bounds[1] = number
                activate(number)
                bounds[0] = number
        finally:
            stop.set()
            for thread in threads:
                thread.join(SECONDS)
        wait(lambda: server.seen("one")["state"] == "current", opa.printed)

    assert [fault for client in clients for fault in client.faults] == []
    times = [each for client in clients for each in client.milliseconds]
    p50, p99 = (statistics.quantiles(times, n=100)[place] for place in (49, 98))
    record_property("requests", len(times))
    record_property("p99_ms", round(p99, 2))
    print(f"{len(times)} requests, p50 {p50:.2f} ms, p99 {p99:.2f} ms, longest {max(times):.2f} ms")  # noqa: T201
    assert len(times) > 1000, "too few to say anything"
