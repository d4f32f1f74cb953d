"""The sidecar as it stands with the bundle server as it is: what is published decides, and the fleet page tells."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

import sidecar as kit
from opa_iam import bundle, library
from serving import TOKENS, BundleServer
from waiting import awaited

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow
REQUEST = {"principal": "arn:aws:iam::111122223333:role/OnCallEngineer", "action": "ssm-incidents:StartIncident"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[BundleServer]:
    with BundleServer(tmp_path) as made:
        yield made


@pytest.fixture
def opa(server: BundleServer, key: kit.Key, tmp_path: Path) -> Iterator[kit.Sidecar]:
    with kit.sidecar(tmp_path / "opa", server.url, key.public, OPA_IAM_BUNDLE="bundles/iam") as made:
        for role in ("bundles", "reports"):
            (made.folder / "secrets" / role).write_text(TOKENS[role], "utf-8")
        yield made


def revision(opa: kit.Sidecar) -> str:
    return str(opa.ask(REQUEST, "decision").json()["result"]["revision"])


def test_what_is_published_decides_and_the_fleet_page_tells(
    server: BundleServer, opa: kit.Sidecar, key: kit.Key, tmp_path: Path
) -> None:
    archive = bundle.locate(str(library.root()))

    def publish(name: str, by: kit.Key = key) -> None:
        server.publish("iam", kit.signed(archive, by, tmp_path, name), name)

    def state() -> str:
        shown = server.seen("test")
        return str(shown["state"]) if shown else ""

    publish("first")
    opa.start()
    opa.ready()
    assert revision(opa) == "first"
    awaited(lambda: state() == "current", "the page tells it")
    # The server answers its long poll with the next one.
    publish("second")
    awaited(lambda: revision(opa) == "second", "the new one decides")
    awaited(lambda: state() == "current", "the page tells it")
    publish("forged", kit.make_key(tmp_path / "other"))
    awaited(lambda: state() == "failing", "the page tells that it was refused")
    assert "failed to verify JWT signature" in str(server.seen("test")["bundles"])
    assert (revision(opa), opa.healthy()) == ("second", True)
    # Killed in the middle of a poll, and back with a good one.
    server.stop(signal.SIGKILL)
    assert revision(opa) == "second"
    server.start()
    publish("third")
    awaited(lambda: revision(opa) == "third", "it catches up by itself")
    awaited(lambda: state() == "current", "the page tells it")
