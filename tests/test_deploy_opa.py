"""deploy/opa: the sidecar's configuration, who may call what, what it logs, and what happens when something fails."""

from __future__ import annotations

import asyncio
import http.client
import json
import shutil
import socket
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests
import yaml

import sidecar as kit
from certificates import Authority
from opa_iam import opa as opa_program
from opa_iam.engines.asynchronous import AsyncHttpEngine
from opa_iam.errors import EngineError
from waiting import awaited

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REQUEST = {
    "principal": "arn:aws:iam::111122223333:role/OnCallEngineer",
    "action": "ssm-incidents:StartIncident",
    "context": {"aws:RequestTag/cost centre": "SECRET"},
}
ASK = json.dumps({"input": REQUEST})
DATA = "/v1/data/iam/authz"


@pytest.fixture(scope="module")
def content(archive: Path, key: kit.Key, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return kit.signed(archive, key, tmp_path_factory.mktemp("bundle"), "first")


@pytest.fixture
def host(content: bytes) -> Iterator[kit.Host]:
    with kit.hosting() as server:
        server.content[kit.BUNDLE] = content
        yield server


@pytest.fixture
def opa(tmp_path: Path, host: kit.Host, key: kit.Key) -> Iterator[kit.Sidecar]:
    with kit.sidecar(tmp_path, host.url, key.public) as made:
        yield made


@pytest.fixture(scope="module")
def running(
    content: bytes, key: kit.Key, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[kit.Sidecar, kit.Host]]:
    """A sidecar that is only asked."""
    with kit.hosting() as server:
        server.content[kit.BUNDLE] = content
        with kit.sidecar(tmp_path_factory.mktemp("opa"), server.url, key.public) as made:
            made.start()
            made.ready()
            yield made, server


# Method, path as it goes over the wire, body, and the status for a client; 401 is no. OPA answers HEAD with 405 and
# redirects a slash too many with 301 before it asks who calls.
CALLS: dict[str, tuple[str, str, str | None, int]] = {
    "allow": ("POST", f"{DATA}/allow", ASK, 200),
    "decision": ("POST", f"{DATA}/decision", ASK, 200),
    "batch": ("POST", f"{DATA}/batch", ASK, 200),
    "batch_allow": ("POST", f"{DATA}/batch_allow", ASK, 200),
    "with what it cost and which revision": ("POST", f"{DATA}/allow?metrics&provenance&pretty", ASK, 200),
    "an encoded letter": ("POST", f"{DATA}/%61llow", ASK, 200),
    "health": ("GET", "/health", None, 200),
    "health of bundles": ("GET", "/health?bundles&plugins", None, 200),
    "health's head": ("HEAD", "/health", None, 405),
    "metrics": ("GET", "/metrics", None, 200),
    "a trace": ("POST", f"{DATA}/allow?explain=full", ASK, 401),
    "the whole package": ("POST", DATA, ASK, 401),
    "a slash behind": ("POST", f"{DATA}/allow/", ASK, 301),
    "two slashes": ("POST", "/v1/data/iam//authz/allow", ASK, 401),
    "a slash before": ("POST", f"/{DATA}/allow", ASK, 401),
    "dots": ("POST", "/v1/data/iam/authz/../authz/allow", ASK, 401),
    "encoded dots": ("POST", "/v1/data/iam/authz/%2e%2e/account", ASK, 401),
    "an encoded slash": ("POST", "/v1/data/iam%2Fauthz%2Fallow", ASK, 401),
    "another case": ("POST", "/V1/data/iam/authz/allow", ASK, 401),
    "below a decision": ("POST", f"{DATA}/decision/allow", ASK, 401),
    "another package": ("POST", "/v1/data/iam/evaluation/allow", ASK, 401),
    "the account": ("POST", "/v1/data/iam/account", ASK, 401),
    "everything": ("POST", "/v1/data", ASK, 401),
    "reading a decision": ("GET", f"{DATA}/allow?input=%7B%7D", None, 401),
    "reading policies as data": ("GET", "/v1/data/iam/policies", None, 401),
    "reading the clients": ("GET", "/v1/data/system/clients", None, 401),
    "data's head": ("HEAD", f"{DATA}/allow", None, 405),
    "writing data": ("PUT", "/v1/data/system/clients", '{"anonymous": true}', 401),
    "patching data": ("PATCH", "/v1/data/system", '[{"op": "add", "path": "clients", "value": {}}]', 401),
    "removing data": ("DELETE", "/v1/data/system/clients", None, 401),
    "the older API": ("POST", "/v0/data/iam/authz/allow", json.dumps(REQUEST), 401),
    "the default decision": ("POST", "/", ASK, 401),
    "the page": ("GET", "/", None, 401),
    "a query": ("POST", "/v1/query", '{"query": "data.iam.account"}', 401),
    "a query in the path": ("GET", "/v1/query?q=data.iam.account", None, 401),
    "compiling": ("POST", "/v1/compile", '{"query": "data.iam.authz.allow"}', 401),
    "compiling filters": ("POST", "/v1/compile/iam/authz/allow", ASK, 401),
    "listing policies": ("GET", "/v1/policies", None, 401),
    "reading a policy": ("GET", "/v1/policies/policy/authz.rego", None, 401),
    "writing a policy": ("PUT", "/v1/policies/policy/authz.rego", "package system.authz\nallow := true", 401),
    "removing a policy": ("DELETE", "/v1/policies/policy/authz.rego", None, 401),
    "the configuration": ("GET", "/v1/config", None, 401),
    "status": ("GET", "/v1/status", None, 401),
    "profiles": ("GET", "/debug/pprof/heap", None, 401),
    "writing health": ("POST", "/health", "{}", 401),
    "a method of no use": ("OPTIONS", f"{DATA}/allow", None, 401),
}
ALIKE = {"health", "health of bundles", "metrics", *(name for name, call in CALLS.items() if call[3] in (301, 405))}
"""What is the same for everybody."""

CALLERS = {
    "a client": ({"Authorization": f"Bearer {kit.CLIENT}"}, True),
    "another token": ({"Authorization": "Bearer other"}, False),
    "no token": ({}, False),
    "an empty token": ({"Authorization": "Bearer "}, False),
    "the sidecar's own token": ({"Authorization": f"Bearer {kit.TOKENS['bundles']}"}, False),
    "a name and a password": ({"Authorization": "Basic Y2xpZW50Og=="}, False),
}


def raw(url: str, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
    """Send a call with the path as it is: other clients would tidy it up."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=kit.PATIENCE)
    try:
        connection.putrequest(method, path)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body or "")))
        connection.endheaders((body or "").encode())
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("call", CALLS)
def test_who_may_call_what(running: tuple[kit.Sidecar, kit.Host], call: str, caller: str) -> None:
    method, path, body, status = CALLS[call]
    headers, is_client = CALLERS[caller]
    expected = status if is_client or call in ALIKE else 401
    found, reply = raw(running[0].url, method, path, body, headers)
    assert (found, b"SECRET" in reply) == (expected, False), reply


@pytest.mark.parametrize("path", ["/health?bundles", "/metrics", f"{DATA}/allow", "/v1/config"])
def test_the_diagnostic_port_tells_health_and_metrics_alone(running: tuple[kit.Sidecar, kit.Host], path: str) -> None:
    method = "POST" if path.startswith(DATA) else "GET"
    status, _ = raw(running[0].diagnostics, method, path, None, {})
    assert status == (200 if path in ("/health?bundles", "/metrics") else 401)


def test_patterns_are_kept_as_by_any_server_of_ours() -> None:
    caching = yaml.safe_load((kit.DEPLOY / "opa" / "config.yaml").read_text("utf-8"))["caching"]
    most = caching["inter_query_builtin_value_cache"]["max_num_entries"]
    assert (f"--set=caching.inter_query_builtin_value_cache.max_num_entries={most}",) == opa_program.SERVED


def test_metrics_tell_of_the_bundle(running: tuple[kit.Sidecar, kit.Host]) -> None:
    def told() -> bool:
        return "bundle_loaded_counter" in requests.get(f"{running[0].diagnostics}/metrics", timeout=kit.PATIENCE).text

    awaited(told, "prometheus metrics of the bundle")


def test_a_request_that_weighs_too_much_is_refused(running: tuple[kit.Sidecar, kit.Host]) -> None:
    reply = running[0].ask({**REQUEST, "context": {"k": "x" * 5_000_000}})
    assert (reply.status_code, "result" in reply.json()) == (400, False)


def test_the_log_tells_the_decision_and_no_secret(running: tuple[kit.Sidecar, kit.Host]) -> None:
    opa, host = running
    assert opa.ask({**REQUEST, "resource": "arn:aws:s3:::logged"}, "decision").json()["result"]["allow"] is True

    def event() -> dict[str, Any]:
        found = [one for one in host.logs if (one["input"] or {}).get("resource") == "arn:aws:s3:::logged"]
        return found[0] if found else {}

    logged = awaited(event, "the decision is logged")
    assert logged["input"]["context"] == {"aws:RequestTag/cost centre": "***"}
    assert (logged["path"], logged["result"]["decision"]) == ("iam/authz/decision", "allowed")
    assert logged["labels"]["name"] == "test"
    assert "SECRET" not in json.dumps(host.logs)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


@contextmanager
def over_tls(folder: Path, key: kit.Key, content: bytes, name: str, authority: Authority) -> Iterator[kit.Sidecar]:
    """Run a sidecar that listens with TLS, as a file of variables says."""
    with kit.hosting() as host, kit.sidecar(folder, host.url, key.public, **kit.env_file(name)) as opa:
        host.content[kit.BUNDLE] = content
        own, secrets = authority.issue("opa"), opa.folder / "secrets"
        shutil.copyfile(own.certificate, secrets / "tls.crt")
        shutil.copyfile(own.key, secrets / "tls.key")
        shutil.copyfile(authority.certificate, secrets / "clients.pem")
        clients = json.loads((opa.folder / "clients.json").read_text("utf-8"))
        (opa.folder / "clients.json").write_text(json.dumps({**clients, "subjects": {"CN=shop": "shop"}}), "utf-8")
        opa.start()
        opa.ready()
        yield opa


def test_with_tls_a_token_opens_and_nothing_older_than_tls_1_3(
    tmp_path: Path, key: kit.Key, content: bytes, authority: Authority
) -> None:
    with over_tls(tmp_path, key, content, "tls.env", authority) as opa:
        trust = str(authority.certificate)
        assert opa.ask(REQUEST, verify=trust).json()["result"] is True
        assert opa.ask(REQUEST, token="other", verify=trust).status_code == 401  # noqa: S106
        with pytest.raises(requests.exceptions.SSLError):
            opa.ask(REQUEST)
        assert requests.get(opa.url.replace("https", "http"), timeout=kit.PATIENCE).status_code == 400
        old = ssl.create_default_context(cafile=authority.certificate)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        place = urlsplit(opa.url)
        with (
            socket.create_connection((str(place.hostname), int(place.port or 0)), kit.PATIENCE) as plain,
            pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"),
        ):
            old.wrap_socket(plain, server_hostname="127.0.0.1")


async def _asked(url: str, authority: str, certificate: tuple[str, str] | None) -> object:
    """Ask as an application does."""
    async with AsyncHttpEngine(url, authority=authority, certificate=certificate, seconds=kit.PATIENCE) as engine:
        return await engine.query("iam/authz/allow", REQUEST)


def test_with_tls_on_both_sides_the_certificate_says_who_asks(
    tmp_path: Path, key: kit.Key, content: bytes, authority: Authority
) -> None:
    known, unknown = authority.issue("shop"), authority.issue("stranger")
    elsewhere = Authority(tmp_path / "elsewhere").issue("shop")
    with over_tls(tmp_path / "opa", key, content, "mtls.env", authority) as opa:
        verify = str(authority.certificate)
        certs = {name: (str(pair.certificate), str(pair.key)) for name, pair in (("shop", known), ("other", unknown))}
        assert opa.ask(REQUEST, verify=verify, cert=certs["shop"]).json()["result"] is True
        # A token that a client by token would have opens nothing here.
        assert opa.ask(REQUEST, verify=verify, cert=certs["other"]).status_code == 401
        assert asyncio.run(_asked(opa.url, verify, certs["shop"])) is True
        for cert in (None, certs["other"]):
            with pytest.raises(EngineError):
                asyncio.run(_asked(opa.url, verify, cert))
        for cert in (None, (str(elsewhere.certificate), str(elsewhere.key))):
            with pytest.raises(requests.ConnectionError):
                opa.ask(REQUEST, verify=verify, cert=cert)
        for method, path in (
            ("GET", "/v1/config"),
            ("GET", "/v1/data"),
            ("POST", "/v1/query"),
            ("GET", "/v1/policies"),
        ):
            reply = requests.request(
                method, f"{opa.url}{path}", verify=verify, cert=certs["shop"], timeout=kit.PATIENCE
            )
            assert reply.status_code == 401
        assert requests.get(f"{opa.diagnostics}/health?bundles", timeout=kit.PATIENCE).ok
