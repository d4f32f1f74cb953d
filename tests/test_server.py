"""What the bundle server answers, and to whom."""

from __future__ import annotations

import base64
import gzip
import json
import socket
import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests
from click.testing import CliRunner

from certificates import Authority
from opa_iam import bundle_commands, cli
from opa_iam.errors import EngineError, InputError
from opa_iam.server import options, sources, tokens
from serving import TOKENS, BundleServer, Opa, certificate_of, put, small_bundle, wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LONG_POLL = {"Prefer": "modes=snapshot,delta;wait=60"}
STATUS = {"labels": {"id": "an-opa", "version": "1.22.2"}, "bundles": {}}
EVENT = {"labels": {"id": "an-opa"}, "decision_id": "1", "path": "iam/authz/allow", "result": False}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BundleServer]:
    made = BundleServer(tmp_path_factory.mktemp("server"), "--delta")
    for name in ("iam", "moving"):
        (made.bundles / f"{name}.tar.gz").write_bytes(small_bundle("1", "s3:GetObject"))
    with made:
        yield made


@pytest.mark.parametrize("credential", [None, "bundles", "reports", "fleet", "wrong", "empty", "Basic"])
@pytest.mark.parametrize(
    "asked",
    [
        ("GET", "/bundles/iam", {"bundles"}, 200),
        ("GET", "/bundles/none", {"bundles"}, 404),
        ("HEAD", "/bundles/iam", {"bundles"}, 200),
        ("POST", "/status", {"reports"}, 200),
        ("POST", "/status/part", {"reports"}, 200),
        ("POST", "/logs", {"reports"}, 200),
        ("POST", "/logs/part", {"reports"}, 200),
        ("GET", "/status", {"reports"}, 405),
        ("GET", "/fleet", {"fleet", "Basic"}, 200),
        ("GET", "/fleet.json", {"fleet", "Basic"}, 200),
        ("GET", "/", {"fleet", "Basic"}, 200),
        ("GET", "/health", {"bundles", "reports", "fleet", "Basic"}, 200),
        ("GET", "/anything/else", {"fleet", "Basic"}, 404),
        ("GET", "/bundles", {"fleet", "Basic"}, 404),
        ("GET", "/bundles/../fleet", {"bundles"}, 404),
        ("GET", "//fleet", {"fleet", "Basic"}, 404),
        ("DELETE", "/bundles/iam", {"bundles"}, 405),
    ],
)
def test_who_may_ask_what(server: BundleServer, asked: tuple[str, str, set[str], int], credential: str | None) -> None:
    method, path, opened_by, opened = asked
    headers = {"Content-Type": "application/json"}
    if credential == "Basic":
        password = base64.b64encode(f"me:{TOKENS['fleet']}".encode()).decode()
        headers["Authorization"] = f"Basic {password}"
    elif credential:
        headers["Authorization"] = f"Bearer {TOKENS.get(credential, '' if credential == 'empty' else 'x' * 32)}"
    body = "[]" if path.startswith("/logs") else json.dumps(STATUS)
    request = requests.Request(method, server.url, headers=headers, data=body if method == "POST" else None).prepare()
    request.url = f"{server.url}{path}"  # as it stands, which requests would tidy up
    with requests.Session() as session:
        reply = session.send(request, timeout=60)
    if credential in opened_by:
        assert reply.status_code == opened
    else:
        assert reply.status_code == 401
        assert reply.headers["WWW-Authenticate"].startswith("Basic" if opened_by >= {"Basic"} else "Bearer") or (
            path == "/health"
        )


@pytest.mark.parametrize(
    "authorization", ["Bearer", "Bearer  ", "Basic !!!", "Basic bWU=", "Digest x", "", TOKENS["fleet"], "Bearer \xff"]
)
def test_what_is_no_credential_opens_nothing(server: BundleServer, authorization: str) -> None:
    headers = {"Authorization": authorization.encode("latin-1")}
    assert requests.get(f"{server.url}/fleet", headers=headers, timeout=60).status_code == 401


def test_a_bundle_and_its_etag(server: BundleServer) -> None:
    whole = server.get("/bundles/iam", "bundles")
    assert whole.content == small_bundle("1", "s3:GetObject")
    assert whole.headers["Content-Type"] == "application/vnd.openpolicyagent.bundles"
    etag = whole.headers["ETag"]
    assert etag.startswith('"')
    for given in (etag, f"W/{etag}", f'"older", {etag}', "*"):
        same = server.get("/bundles/iam", "bundles", headers={"If-None-Match": given})
        assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", etag), given
    for given in ('"other"', "", etag.strip('"')):
        assert server.get("/bundles/iam", "bundles", headers={"If-None-Match": given}).status_code == 200, given


def test_who_has_nothing_does_not_wait(server: BundleServer) -> None:
    started = time.monotonic()
    assert server.get("/bundles/iam", "bundles", headers=LONG_POLL).status_code == 200
    assert time.monotonic() - started < 30


def test_a_poll_ends_with_its_time(server: BundleServer) -> None:
    etag = server.get("/bundles/iam", "bundles").headers["ETag"]
    started = time.monotonic()
    reply = server.get("/bundles/iam", "bundles", headers={"If-None-Match": etag, "Prefer": "wait=2"})
    assert reply.status_code == 304
    assert time.monotonic() - started >= 2


def test_a_poll_ends_with_news_and_a_delta_goes_to_a_client_once(server: BundleServer) -> None:
    first = server.get("/bundles/moving", "bundles")
    asked = {"If-None-Match": first.headers["ETag"], **LONG_POLL}
    replies: list[requests.Response] = []
    waiting = [
        threading.Thread(target=lambda: replies.append(server.get("/bundles/moving", "bundles", headers=asked)))
        for _ in range(2)
    ]
    for thread in waiting:
        thread.start()
    newer = small_bundle("2", "s3:GetObject", "s3:PutObject")
    server.publish("moving", newer, "2")
    for thread in waiting:
        thread.join(60)
    delta, whole = sorted(replies, key=lambda reply: len(reply.content))
    assert whole.content == newer
    assert len(delta.content) < len(newer)
    assert delta.headers["ETag"] == whole.headers["ETag"] != first.headers["ETag"]
    assert delta.headers["Cache-Control"] == "no-store"
    again = server.get("/bundles/moving", "bundles", headers={"If-None-Match": first.headers["ETag"]})
    assert again.content == newer, "without Prefer there is no delta"


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"[]", {"Content-Type": "text/plain"}, 415),
        (b"[]", {}, 415),
        (b"[]", {"Content-Encoding": "br"}, 415),
        (b"[]", {"Content-Encoding": "gzip"}, 400),
        (gzip.compress(b"[]")[:-4], {"Content-Encoding": "gzip"}, 400),
        (gzip.compress(b"[]") * 2, {"Content-Encoding": "gzip"}, 400),
        (gzip.compress(b"[]"), {"Content-Encoding": "gzip"}, 200),
        (b"{}", {"Content-Type": "application/json"}, 400),
        (b"[1]", {"Content-Type": "application/json"}, 400),
        (b"[{}]", {"Content-Type": "application/json"}, 400),
        (b"[" * 100_000, {"Content-Type": "application/json"}, 400),
        (b'[{"labels": {"id": "x"}}]', {"Content-Type": "application/json"}, 400),
        (b"\xff", {"Content-Type": "application/json; charset=utf-8"}, 400),
        (b" " * (9 << 20), {"Content-Type": "application/json"}, 413),
        (gzip.compress(b" " * (70 << 20)), {"Content-Encoding": "gzip"}, 413),
        (gzip.compress(gzip.compress(b" " * (1 << 30))), {"Content-Encoding": "gzip"}, 400),
    ],
)
def test_bodies_of_reports_are_bounded_and_checked(
    server: BundleServer, body: bytes, headers: dict[str, str], expected: int
) -> None:
    if "Content-Encoding" in headers:
        headers = {"Content-Type": "application/json", **headers}
    assert server.post("/logs", "reports", data=body, headers=headers).status_code == expected


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"labels": {}}', b'{"labels": {"id": 1}}', b"null", b"no"])
def test_what_is_no_status_report_is_refused(server: BundleServer, body: bytes) -> None:
    reply = server.post("/status", "reports", data=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 400
    assert reply.json()["message"]


def test_a_decision_that_is_sent_twice_counts_once(server: BundleServer) -> None:
    before = server.fleet()["decisions"]["kept"]
    for _ in range(2):
        assert server.post("/logs", "reports", json=[EVENT]).status_code == 200
    assert server.fleet()["decisions"]["kept"] == before + 1


def test_what_is_reported_is_shown_and_never_run(server: BundleServer) -> None:
    evil = "<script>alert(1)</script>\"'&"
    bundle = {"iam": {"active_revision": evil, "code": evil, "message": evil, "errors": [{"message": evil}]}}
    report = {"labels": {"id": f"evil-{evil}", "name": evil, evil: evil, "version": evil}, "bundles": bundle}
    event = {
        "labels": report["labels"],
        "decision_id": evil,
        "path": evil,
        "result": False,
        "input": {"principal": evil, "action": evil},
    }
    assert server.post("/status", "reports", json=report).status_code == 200
    assert server.post("/logs", "reports", json=[event]).status_code == 200
    reply = server.get("/fleet", "fleet")
    assert "<script" not in reply.text
    assert reply.text.count("&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;") >= 8
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert evil in json.dumps(server.fleet(), ensure_ascii=False).replace('\\"', '"')


def test_a_file_that_is_half_written_is_not_served(server: BundleServer, tmp_path: Path) -> None:
    before = server.get("/bundles/iam", "bundles").content
    file = server.bundles / "iam.tar.gz"
    for broken in (before[:-20], b"", b"no archive", small_bundle("")):
        put(file, broken)
        wait(lambda: [one["bundle"] for one in server.fleet()["problems"]] == ["iam"])
        assert server.get("/bundles/iam", "bundles").content == before
        assert "what was served before is still served" in server.get("/fleet", "fleet").text
        put(file, before)
        wait(lambda: server.fleet()["problems"] == [])
    file.rename(tmp_path / "moved")
    wait(lambda: [one["bundle"] for one in server.fleet()["problems"]] == ["iam"])
    assert server.get("/bundles/iam", "bundles").content == before
    put(file, before)
    wait(lambda: server.fleet()["problems"] == [])


def test_when_reports_cannot_be_kept_bundles_are_served_all_the_same(server: BundleServer) -> None:
    other = sqlite3.connect(server.folder / "fleet.sqlite")
    try:
        other.execute("BEGIN EXCLUSIVE")
        reply = server.post("/logs", "reports", json=[{**EVENT, "decision_id": "later"}])
        assert (reply.status_code, reply.headers["Retry-After"]) == (503, "10")
        assert server.get("/bundles/iam", "bundles").status_code == 200
    finally:
        other.close()
    assert server.post("/logs", "reports", json=[{**EVENT, "decision_id": "later"}]).status_code == 200


def test_tokens_are_replaced_while_it_runs(tmp_path: Path) -> None:
    server = BundleServer(tmp_path)
    (server.bundles / "iam.tar.gz").write_bytes(small_bundle("1"))
    new = "another-token-for-bundles"

    def opens(token: str) -> bool:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{server.url}/bundles/iam", headers=headers, timeout=60).status_code == 200

    with server:
        (server.tokens / "bundles").write_text(f"{TOKENS['bundles']}\n{new}\n")
        wait(lambda: opens(new))
        assert opens(TOKENS["bundles"]), "both hold for a time"
        (server.tokens / "bundles").write_text("short")
        wait(lambda: "fewer than 16" in server.printed())
        assert opens(new), "what can't be read leaves the old"
        (server.tokens / "bundles").write_text(f"{new}\n")
        wait(lambda: not opens(TOKENS["bundles"]))
        assert opens(new)
        (server.tokens / "bundles").unlink()
        wait(lambda: not opens(new))


def test_a_project_is_built_anew_when_its_sources_change(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    (folder / "policies").mkdir(parents=True)
    document = 'Version: 2012-10-17, Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "*"}]'
    (folder / "bundle.yaml").write_text('name: shop\npolicies: ["policies/*.yaml"]\n')
    policy = folder / "policies" / "read.yaml"
    policy.write_text(f"arn: arn:aws:iam::111122223333:policy/Read\ndocument: {{{document}}}\n")
    server = BundleServer(tmp_path, sources=folder)
    with server:
        first = server.serves("shop")
        assert first
        policy.write_text(policy.read_text().replace("GetObject", "PutObject"))
        wait(lambda: server.serves("shop") != first, server.printed)
        second = server.serves("shop")
        policy.write_text(policy.read_text().replace("Effect: Allow", "Effect: Perhaps"))
        wait(lambda: server.fleet()["problems"], server.printed)
        (problem,) = server.fleet()["problems"]
        assert problem["bundle"] == "shop"
        assert "read.yaml:2:" in problem["message"]
        assert server.serves("shop") == second
        policy.write_text(policy.read_text().replace("Effect: Perhaps", "Effect: Allow"))
        wait(lambda: server.fleet()["problems"] == [], server.printed)
        assert server.serves("shop") == second


def test_a_build_that_fails_for_no_fault_of_the_sources_is_tried_again(
    make_project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise EngineError("opa build failed: no space left")

    source = sources.Project(make_project({"name": "shop"}))
    with monkeypatch.context() as patched:
        patched.setattr(bundle_commands, "build", fail)
        assert [one.problem for one in source.news()] == ["opa build failed: no space left"]
        assert list(source.news()) == []
    source._again = 0.0  # noqa: SLF001 - the time has come
    assert [(one.name, one.problem, one.archive is None) for one in source.news()] == [
        ("shop", "", True),
        ("shop", "", False),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "who may ask?"),
        (("--no-auth", "--tokens", "t"), "who may ask?"),
        (("--no-auth", "--addr", "0.0.0.0:0"), "only this machine"),
        (("--no-auth", "--addr", "nonsense"), "HOST:PORT"),
        (("--no-auth", "--tls-key", "k"), "need a certificate"),
        (("--no-auth", "--tls-cert", "bundle.yaml"), "can't be used"),
        (("--no-auth", "--database", "bundle.yaml"), "can't be used"),
        (("--no-auth", "--bundles", "nowhere"), "nowhere"),
        (("--no-auth", "--bundles", "broken.tar.gz"), "no whole bundle archive"),
        (("--no-auth", "--bundles", "broken.tar.gz", "--bundles", "missing.tar.gz"), "missing.tar.gz"),
        (("--tokens", "empty"), "none of the files"),
        (("--tokens", "twice"), "stands in two files"),
    ],
)
def test_a_mistake_in_the_options_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.tar.gz").write_bytes(b"broken")
    (tmp_path / "bundle.yaml").write_text("name: b\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "twice").mkdir()
    for role in tokens.ROLES:
        (tmp_path / "twice" / role).write_text("the-same-token-everywhere")
    bundles = () if "--bundles" in arguments else ("--bundles",)
    address = () if "--addr" in arguments else ("--addr", "127.0.0.1:0")
    done = CliRunner().invoke(cli.main, ["serve", *bundles, *address, *arguments])
    assert (done.exit_code, message in done.stderr) == (2, True), done.stderr


def test_what_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "find_spec", lambda name: None if name == "uvicorn" else name)
    with pytest.raises(InputError, match=r"needs uvicorn: pip install 'opa-iam\[serve\]'"):
        options.serve(options.ADDRESS, {"tokens": None, "no_auth": True})


def test_a_port_that_is_taken_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = CliRunner().invoke(cli.main, ["serve", "--bundles", "b", "--no-auth", "--addr", address])
    assert (done.exit_code, "can't listen there" in done.stderr) == (2, True), done.stderr


def test_without_tokens_only_this_machine_is_answered(tmp_path: Path) -> None:
    server = BundleServer(tmp_path)
    (server.bundles / "iam.tar.gz").write_bytes(small_bundle("1"))
    server.use_no_tokens()
    with server:
        assert server.get("/fleet").status_code == 200
        assert server.get("/bundles/iam", headers={"Host": "localhost"}).status_code == 200
        # A name of elsewhere that leads here is how a web page would ask through a browser.
        assert server.get("/fleet", headers={"Host": "evil.example:8182"}).status_code == 421
        assert server.post("/logs", data=b"[]", headers={"Content-Type": "text/plain"}).status_code == 415


def test_new_tokens_are_made_and_work(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    tokens.make(folder)
    assert folder.stat().st_mode & 0o077 == 0
    made = {role: (folder / role).read_text().strip() for role in tokens.ROLES}
    assert all((folder / role).stat().st_mode & 0o077 == 0 for role in tokens.ROLES)
    read = tokens.read(folder)
    for role in tokens.ROLES:
        opened = [other for other in tokens.ROLES if read.open(other, f"bearer {made[role]}".encode())]
        assert opened == [role]


def test_tls_and_client_certificates(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    own, client = authority.issue("server"), authority.issue("an-opa")
    certificate = str(authority.certificate)
    server = BundleServer(
        tmp_path,
        *("--tls-cert", str(own.certificate), "--tls-key", str(own.key), "--client-ca", certificate),
    )
    server.session_options = {"verify": certificate, "cert": (str(client.certificate), str(client.key))}
    (server.bundles / "iam.tar.gz").write_bytes(small_bundle("1", "s3:GetObject"))
    with server:
        assert server.get("/bundles/iam", "bundles").status_code == 200
        assert server.get("/bundles/iam").status_code == 401, "a certificate is not a token"
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(f"{server.url}/health", verify=certificate, timeout=60)
        credentials: dict[str, Any] = {
            "credentials": {"client_tls": {"cert": str(client.certificate), "private_key": str(client.key)}},
            "tls": {"ca_cert": certificate},
        }
        services = {
            role: {"url": server.url, "headers": {"Authorization": f"Bearer {TOKENS[role]}"}, **credentials}
            for role in ("bundles", "reports")
        }
        with Opa(tmp_path, server.url, services=services) as opa:
            assert opa.decide("s3:GetObject")["allow"] is True
            wait(lambda: server.seen("one").get("state") == "current", opa.printed)
            renewed = authority.issue("renewed")
            before = certificate_of(server.port, authority, client)
            put(own.certificate, renewed.certificate.read_bytes())
            put(own.key, renewed.key.read_bytes())
            wait(lambda: certificate_of(server.port, authority, client) != before)
