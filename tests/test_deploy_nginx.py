"""deploy/nginx with a real nginx, a folder that was published, and a real OPA."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import requests

import sidecar as kit
from opa_iam import library
from real_parts import needs
from waiting import awaited, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow
REQUEST = {"principal": "arn:aws:iam::111122223333:role/OnCallEngineer", "action": "ssm-incidents:StartIncident"}
NAME = "incident-manager/latest.tar.gz"
_MAIN = """\
{user}
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/published;
        include {snippet};
    }}
}}
"""


def opa_iam(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "opa_iam", *arguments], check=True)  # noqa: S603


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a key, and a signed bundle that was published."""
    folder = tmp_path_factory.mktemp("nginx")
    opa_iam("keys", "new", str(folder / "release"))
    bundle = (
        "build",
        "--sign",
        f"{folder}/release.pem",
        "--scope",
        "production",
        "--output",
        f"{folder}/bundle.tar.gz",
    )
    opa_iam(*bundle, str(library.root() / "bundle.yaml"))
    verified = ("--key", f"{folder}/release.pub.pem", "--scope", "production")
    opa_iam("publish", str(folder / "published"), f"{folder}/bundle.tar.gz", *verified)
    return folder


@pytest.fixture(scope="module")
def url(site: Path) -> Iterator[str]:
    program, port = needs("nginx"), free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    main = _MAIN.format(folder=site, port=port, snippet=kit.DEPLOY / "nginx" / "bundles.conf", user=user)
    (site / "nginx.conf").write_text(main, "utf-8")
    with kit.running([program, "-p", str(site), "-c", str(site / "nginx.conf")], {}):
        awaited(lambda: kit.status(f"http://127.0.0.1:{port}/"), "nginx listens")
        yield f"http://127.0.0.1:{port}"


def test_opa_takes_the_bundle_and_then_asks_whether_there_is_another(url: str, site: Path, tmp_path: Path) -> None:
    settings = {"OPA_IAM_BUNDLE": NAME}
    with kit.sidecar(tmp_path, url, site / "release.pub.pem", **settings) as opa:
        opa.start()
        opa.ready()
        assert opa.ask(REQUEST).json()["result"] is True

        def answers() -> list[str]:
            lines = (site / "access.log").read_text("utf-8").splitlines()
            return [line.split('"')[2].split()[0] for line in lines if f"GET /{NAME} " in line]

        awaited(lambda: "304" in answers(), "the bundle is not sent twice")
        assert answers()[0] == "200"


def test_a_bundle_has_an_etag_and_is_not_kept_unasked(url: str) -> None:
    reply = requests.get(f"{url}/{NAME}", timeout=kit.PATIENCE)
    headers = reply.headers
    assert (reply.status_code, headers["Content-Type"]) == (200, "application/gzip")
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-cache", "nosniff")
    assert "Content-Encoding" not in headers
    assert "/" not in headers["Server"]
    again = requests.get(f"{url}/{NAME}", headers={"If-None-Match": headers["ETag"]}, timeout=kit.PATIENCE)
    assert (again.status_code, again.content) == (304, b"")


def test_provenance_is_json(url: str, site: Path) -> None:
    (file,) = (site / "published" / "incident-manager").glob("*.provenance.json")
    reply = requests.get(f"{url}/incident-manager/{file.name}", timeout=kit.PATIENCE)
    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "application/json")
    assert reply.json()["subject"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 404),
        ("/incident-manager", 404),
        ("/incident-manager/", 404),
        ("/incident-manager/other.tar.gz", 404),
        ("/incident-manager/.hidden.tar.gz", 404),
        ("/incident-manager/notes.txt", 404),
        ("/incident-manager/link.tar.gz", 404),
        ("/incident-manager/%2e%2e/%2e%2e/release.pem", 400),
        ("/../release.pem", 400),
    ],
)
def test_nothing_else_can_be_had(url: str, site: Path, path: str, status: int) -> None:
    folder = site / "published" / "incident-manager"
    for name in (".hidden.tar.gz", "notes.txt"):
        (folder / name).write_text("SECRET", "utf-8")
    link = folder / "link.tar.gz"
    if not link.is_symlink():
        link.symlink_to(site / "release.pem")
    prepared = requests.Request("GET", url).prepare()
    prepared.url = url + path
    with requests.Session() as session:
        reply = session.send(prepared, timeout=kit.PATIENCE)
    assert (reply.status_code, "SECRET" in reply.text) == (status, False)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_put_there(url: str, method: str) -> None:
    reply = requests.request(method, f"{url}/{NAME}", data=b"x", timeout=kit.PATIENCE)
    assert reply.status_code in (403, 405)
