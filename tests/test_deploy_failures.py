"""What happens to decisions when a part of the fleet fails; docs/deploy.md has a row for each."""

from __future__ import annotations

import os
import shutil
import signal
import ssl
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

import sidecar as kit
from certificates import Authority
from waiting import awaited

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.slow
REQUEST = {"principal": "arn:aws:iam::111122223333:role/OnCallEngineer", "action": "ssm-incidents:StartIncident"}


@pytest.fixture(scope="module")
def make(archive: Path, key: kit.Key, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """A function that gives a signed bundle of a revision."""

    def made(revision: str, by: kit.Key = key, scope: str = "production") -> bytes:
        return kit.signed(archive, by, tmp_path_factory.mktemp(revision), revision, scope)

    return made


@pytest.fixture
def host(make: Callable[..., bytes]) -> Iterator[kit.Host]:
    with kit.hosting() as server:
        server.content[kit.BUNDLE] = make("first")
        yield server


@pytest.fixture
def opa(tmp_path: Path, host: kit.Host, key: kit.Key) -> Iterator[kit.Sidecar]:
    with kit.sidecar(tmp_path, host.url, key.public) as made:
        yield made


def revision(opa: kit.Sidecar) -> str:
    return str(opa.ask(REQUEST, "decision").json().get("result", {}).get("revision", "none"))


def test_a_new_revision_takes_over(opa: kit.Sidecar, host: kit.Host, make: Callable[..., bytes]) -> None:
    opa.start()
    opa.ready()
    assert revision(opa) == "first"
    awaited(lambda: ("/" + kit.BUNDLE, 304) in host.asked, "the bundle is not sent twice")
    host.content[kit.BUNDLE] = make("second")
    awaited(lambda: revision(opa) == "second", "the new revision decides")
    awaited(lambda: host.last().get("active_revision") == "second", "the server is told")


def test_without_a_server_and_without_a_kept_bundle_nothing_is_decided(opa: kit.Sidecar, host: kit.Host) -> None:
    host.status = 503
    opa.start()
    awaited(lambda: host.asked and kit.status(f"{opa.diagnostics}/health"), "it listens, and asks the server")
    assert not opa.healthy()
    reply = opa.ask(REQUEST)
    assert (reply.status_code, "result" in reply.json()) == (200, False)
    host.status = 0
    opa.ready()
    assert opa.ask(REQUEST).json()["result"] is True


def test_while_the_server_is_away_the_last_revision_decides(
    opa: kit.Sidecar, host: kit.Host, make: Callable[..., bytes]
) -> None:
    opa.start()
    opa.ready()
    host.status = 503
    awaited(lambda: ("/" + kit.BUNDLE, 503) in host.asked, "the server fails")
    assert (revision(opa), opa.healthy()) == ("first", True)
    host.content[kit.BUNDLE] = make("second")
    host.status = 0
    awaited(lambda: revision(opa) == "second", "it catches up by itself")
    awaited(lambda: "first" in {one["result"]["revision"] for one in host.logs}, "what was decided is told later")


def test_a_wrong_clock_decides_by_the_wrong_time_unless_the_request_has_the_right_one(opa: kit.Sidecar) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    until = {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}
    document = {"Version": "2012-10-17", "Statement": [{**statement, "Condition": until}]}
    asked = {**REQUEST, "policies": {"identity": [document]}}
    opa.start()
    opa.ready()
    # Against a time that is over by OPA's clock, and was not when the request says that it was made.
    assert opa.ask(asked).json()["result"] is False
    assert opa.ask({**asked, "context": {"aws:CurrentTime": "2019-12-31T00:00:00Z"}}).json()["result"] is True


def test_an_opa_that_starts_without_the_server_decides_by_what_it_kept(opa: kit.Sidecar, host: kit.Host) -> None:
    opa.start()
    opa.ready()
    awaited(lambda: kit.kept(opa), "the bundle is kept")
    opa.stop()
    host.status = 503
    opa.start()
    opa.ready()
    assert revision(opa) == "first"


def test_a_kept_bundle_that_was_changed_decides_nothing(
    opa: kit.Sidecar, host: kit.Host, make: Callable[..., bytes], tmp_path: Path
) -> None:
    opa.start()
    opa.ready()
    (kept,) = awaited(lambda: kit.kept(opa), "the bundle is kept")
    opa.stop()
    host.status = 503
    kept.write_bytes(make("forged", kit.make_key(tmp_path / "other")))
    opa.start()
    awaited(lambda: "verif" in opa.log(), "OPA says so")
    awaited(lambda: kit.status(f"{opa.url}/health"), "it listens, which it may do later")
    assert (opa.healthy(), revision(opa)) == (False, "none")


def test_where_nothing_can_be_kept_opa_decides_and_never_says_that_it_is_ready(
    opa: kit.Sidecar, host: kit.Host
) -> None:
    state = opa.folder.parent / "state"
    shutil.rmtree(state)
    state.write_text("a disk that takes no folder", "utf-8")
    opa.start()
    awaited(lambda: host.last().get("code") == "bundle_error", "the server is told")
    assert (revision(opa), opa.healthy()) == ("first", False)


def test_where_no_more_can_be_kept_new_revisions_decide(
    opa: kit.Sidecar, host: kit.Host, make: Callable[..., bytes]
) -> None:
    opa.start()
    opa.ready()
    (kept,) = awaited(lambda: kit.kept(opa), "the bundle is kept")
    # A name that a file of OPA's needs is taken, as root may write whatever the mode is.
    shutil.rmtree(kept.parent)
    kept.parent.write_text("a disk that takes no folder", "utf-8")
    host.content[kit.BUNDLE] = make("second")
    awaited(lambda: revision(opa) == "second", "the new revision decides")
    assert opa.healthy()


@pytest.fixture
def wrong(make: Callable[..., bytes], archive: Path, tmp_path: Path) -> dict[str, Callable[[], bytes]]:
    return {
        "unsigned": archive.read_bytes,
        "of another key": lambda: make("forged", kit.make_key(tmp_path / "other")),
        "of another scope": lambda: make("forged", scope="test"),
        "changed": lambda: _changed(make("forged"), tmp_path / "changed"),
        "no archive": lambda: b"no archive",
    }


@pytest.mark.parametrize("kind", ["unsigned", "of another key", "of another scope", "changed", "no archive"])
def test_a_bundle_that_is_not_the_right_one_is_refused(
    opa: kit.Sidecar, host: kit.Host, make: Callable[..., bytes], wrong: dict[str, Callable[[], bytes]], kind: str
) -> None:
    opa.start()
    opa.ready()
    host.content[kit.BUNDLE] = wrong[kind]()
    awaited(lambda: host.last().get("code") == "bundle_error", "the server is told")
    assert (revision(opa), opa.healthy()) == ("first", True)
    host.content[kit.BUNDLE] = make("second")
    awaited(lambda: revision(opa) == "second", "the right one is taken")


def _changed(content: bytes, folder: Path) -> bytes:
    """Return a bundle in which a file has another content than its signature says."""
    folder.mkdir()
    (folder / "old.tar.gz").write_bytes(content)
    shutil.unpack_archive(folder / "old.tar.gz", folder / "tree", filter="data")
    file = folder / "tree" / "iam" / "authz" / "authz.rego"
    file.write_text(file.read_text("utf-8") + "\n# changed\n", "utf-8")
    return Path(shutil.make_archive(str(folder / "new"), "gztar", folder / "tree")).read_bytes()


def test_a_server_that_no_longer_knows_the_token_changes_no_decision(opa: kit.Sidecar, host: kit.Host) -> None:
    opa.start()
    opa.ready()
    host.status = 401
    awaited(lambda: ("/" + kit.BUNDLE, 401) in host.asked, "the token is refused")
    assert (revision(opa), opa.healthy()) == ("first", True)


def test_without_a_key_opa_does_not_start(opa: kit.Sidecar) -> None:
    (opa.folder / "secrets" / "bundle.pem").unlink()
    opa.start()
    assert opa.process
    assert opa.process.wait(kit.PATIENCE) != 0
    assert "bundle.pem" in opa.log()


def test_without_clients_nobody_is_answered(opa: kit.Sidecar) -> None:
    (opa.folder / "clients.json").write_text("{}", "utf-8")
    opa.start()
    opa.ready()
    assert opa.ask(REQUEST).status_code == 401


def test_without_its_policies_opa_answers_nobody(opa: kit.Sidecar) -> None:
    (opa.folder / "policy" / "authz.rego").write_text("package system.nothing\n", "utf-8")
    opa.start()
    assert awaited(lambda: kit.status(f"{opa.diagnostics}/health"), "it listens") == 500
    assert opa.ask(REQUEST).status_code == 500


def test_an_opa_that_hangs_answers_when_it_goes_on(opa: kit.Sidecar) -> None:
    opa.start()
    opa.ready()
    assert opa.process
    os.kill(opa.process.pid, signal.SIGSTOP)
    with pytest.raises(requests.Timeout):
        opa.ask(REQUEST, timeout=0.5)
    os.kill(opa.process.pid, signal.SIGCONT)
    assert opa.ask(REQUEST).json()["result"] is True


def test_where_the_clocks_disagree_no_new_bundle_comes(
    make: Callable[..., bytes], key: kit.Key, tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "tls")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def serve_from(starts: timedelta) -> None:
        pair = authority.issue("server", starts)
        tls.load_cert_chain(pair.certificate, pair.key)

    def wrap(listener: socket.socket) -> socket.socket:
        return tls.wrap_socket(listener, server_side=True)

    serve_from(timedelta())
    with kit.hosting(wrap=wrap) as host, kit.sidecar(tmp_path, host.url, key.public) as opa:
        shutil.copyfile(authority.certificate, opa.folder / "secrets" / "ca.pem")
        host.content[kit.BUNDLE] = make("first")
        opa.start()
        opa.ready()
        awaited(lambda: kit.kept(opa), "the bundle is kept")
        opa.stop()
        serve_from(timedelta(days=1))
        host.content[kit.BUNDLE] = make("second")
        opa.start()
        opa.ready()
        awaited(lambda: "not yet valid" in opa.log(), "OPA says so")
        assert revision(opa) == "first"
        serve_from(timedelta())
        awaited(lambda: revision(opa) == "second", "it catches up by itself")
