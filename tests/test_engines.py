"""The engines, against real OPA processes."""

from __future__ import annotations

import http.server
import json
import os
import signal
import socket
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import pytest
import requests
from opa_client import OpaClient

from opa_iam import decisions, opa
from opa_iam.engines import HttpEngine, LocalOpa, open_engine
from opa_iam.errors import EngineError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REQUEST = {
    "principal": "arn:aws:iam::111122223333:role/OnCallEngineer",
    "action": "ssm-incidents:StartIncident",
}


@pytest.fixture
def own(archive: Path) -> Iterator[LocalOpa]:
    """An OPA that a test may kill."""
    with LocalOpa(archive) as engine:
        yield engine


def kill(engine: LocalOpa) -> None:
    """Kill an engine's OPA and wait until it is gone."""
    os.kill(engine.pid, signal.SIGKILL)
    engine._server.process.wait()  # noqa: SLF001 - the death must be over before the next query


def test_a_query_gives_the_rules_value(engine: LocalOpa) -> None:
    assert engine.query("iam/authz/allow", REQUEST) is True
    assert decisions.allow(engine, REQUEST) is True
    assert decisions.decide(engine, REQUEST)["decision"] == "allowed"


def test_an_empty_request_is_denied_with_errors(engine: LocalOpa) -> None:
    decision = decisions.decide(engine, {})
    assert (decision["allow"], [error["path"] for error in decision["errors"]]) == (False, ["/action", "/principal"])


@pytest.mark.parametrize("request_", [None, 1, "text", [], [REQUEST]])
def test_what_is_no_request_is_denied_with_an_error(engine: LocalOpa, request_: object) -> None:
    decision = decisions.decide(engine, request_)
    assert (decision["allow"], decision["errors"][0]["code"]) == (False, "INVALID_REQUEST")
    assert decisions.allow(engine, request_) is False


def test_an_undefined_rule_is_an_error(engine: LocalOpa) -> None:
    with pytest.raises(EngineError, match="has no iam/authz/nothing"):
        engine.query("iam/authz/nothing", REQUEST)


def test_opa_is_restarted_once_when_it_dies(own: LocalOpa) -> None:
    first = own.pid
    kill(own)
    assert own.query("iam/authz/allow", REQUEST) is True
    assert own.pid != first
    kill(own)
    with pytest.raises(EngineError, match="OPA ended a second time: exit -9"):
        own.query("iam/authz/allow", REQUEST)


def test_opa_is_stopped_at_the_end(archive: Path) -> None:
    with LocalOpa(archive) as engine:
        pid = engine.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_opa_is_stopped_when_the_block_raises(archive: Path) -> None:
    engine = LocalOpa(archive)
    with pytest.raises(RuntimeError), engine:
        raise RuntimeError
    with pytest.raises(ProcessLookupError):
        os.kill(engine.pid, 0)


def test_a_bundle_that_opa_refuses_is_an_error_with_its_words(tmp_path: Path) -> None:
    broken = tmp_path / "bundle.tar.gz"
    broken.write_bytes(b"no archive")
    with pytest.raises(EngineError, match=r"OPA did not start: exit 1; it printed: .*gzip"):
        LocalOpa(broken)


def test_another_server_on_the_port_is_not_taken_for_ours(
    engine: LocalOpa, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = int(engine._server.client.url.rpartition(":")[2])  # noqa: SLF001 - a port that an OPA listens on
    monkeypatch.setattr("opa_iam.engines.local._free_port", lambda: taken)
    with pytest.raises(EngineError, match=r"another server answers|address already in use"):
        LocalOpa(archive)


def test_a_running_opa_is_asked_by_its_url(engine: LocalOpa) -> None:
    url = engine._server.client.url  # noqa: SLF001
    with open_engine(url) as remote:
        assert decisions.decide(remote, REQUEST) == decisions.decide(engine, REQUEST)


def test_an_opa_without_our_bundle_is_an_error() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(opa.program().path), "run", "--server", f"--addr=127.0.0.1:{port}", "--skip-version-check"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            client = OpaClient(port=port)
            client.wait_for_ready(query={"bundles": True})
            client.close_connection()
            with (
                open_engine(f"http://127.0.0.1:{port}") as remote,
                pytest.raises(EngineError, match="has no iam/authz"),
            ):
                decisions.decide(remote, REQUEST)
        finally:
            process.terminate()


def test_a_url_where_nothing_listens_is_an_error() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        with open_engine(url) as remote, pytest.raises(EngineError, match=r"can't be asked: .*refused"):
            decisions.decide(remote, REQUEST)


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (401, json.dumps({"code": "unauthorized", "message": "request rejected"}), "refuses .*401, request rejected"),
        (500, "no JSON", "refuses .*500, Internal Server Error"),
        (200, "<html>", "not JSON"),
        (200, "[]", "has no iam/authz"),
        (200, json.dumps({"result": {"allow": True, "decision": "allowed"}}), "is no decision"),
        (200, json.dumps({"result": True}), "is no decision"),
    ],
)
def test_odd_answers_are_errors(status: int, body: str, message: str) -> None:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:  # noqa: ANN401
            """Keep quiet."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            url = f"http://127.0.0.1:{server.server_port}"
            with open_engine(url) as remote, pytest.raises(EngineError, match=message):
                decisions.decide(remote, REQUEST)
        finally:
            server.shutdown()


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("http://localhost:8181", "http://localhost:8181"),
        ("http://opa.example/", "http://opa.example:80"),
        ("https://opa.example", "https://opa.example:443"),
        ("http://[::1]:8181", "http://[::1]:8181"),
    ],
)
def test_urls_of_engines(url: str, parts: str) -> None:
    with HttpEngine.at(url) as remote:
        assert remote.url == parts


@pytest.mark.parametrize(
    "url",
    ["http://", "http://opa.example/v1/data", "http://me:secret@opa.example", "http://opa.example?x=1", "http://a:b"],
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(InputError):
        HttpEngine.at(url)


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(InputError, match="there is no engine 'cedar'"), open_engine("cedar"):
        pass


def test_a_running_opa_takes_no_bundle() -> None:
    with pytest.raises(InputError, match="leave --bundle out"), open_engine("http://127.0.0.1:1", "bundle.tar.gz"):
        pass


class TestOpaPythonClient:
    """What the engines rely on in opa-python-client 3, so that a new release can't change it unseen."""

    @pytest.fixture
    def client(self, engine: LocalOpa) -> Iterator[OpaClient]:
        url = engine._server.client.url  # noqa: SLF001
        client = OpaClient(host="127.0.0.1", port=int(url.rpartition(":")[2]), timeout=30)
        yield client
        client.close_connection()

    def test_an_undefined_rule_comes_back_without_result(self, client: OpaClient) -> None:
        assert client.query_rule(input_data={}, package_path="iam/authz/nothing") == {}

    def test_an_empty_input_is_an_input(self, client: OpaClient) -> None:
        errors = client.query_rule(input_data={}, package_path="iam/request/errors")["result"]
        assert {error["code"] for error in errors} == {"MISSING_MEMBER"}

    def test_a_path_with_slashes_is_kept(self, client: OpaClient) -> None:
        assert client.query_rule(input_data=REQUEST, package_path="iam/authz/allow") == {"result": True}

    def test_health_with_bundles_is_answered(self, client: OpaClient) -> None:
        assert client.check_health(query={"bundles": True}) is True

    def test_a_dead_server_is_a_request_exception(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            client = OpaClient(host="127.0.0.1", port=probe.getsockname()[1])
            with pytest.raises(requests.RequestException):
                client.query_rule(input_data=REQUEST, package_path="iam/authz/allow")
            client.close_connection()

    def test_the_configuration_tells_the_labels(self, client: OpaClient) -> None:
        assert "opa-iam-instance" in client.get_config()["result"]["labels"]
