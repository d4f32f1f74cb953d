"""What tests of the deploy kit share: deploy/opa as it stands, a signed bundle, and a server that hands it out."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import json
import os
import re
import shutil
import subprocess
import tarfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from opa_iam import library, opa
from waiting import SECONDS, awaited, free_port

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from pathlib import Path

DEPLOY = library.root() / "deploy"
TOKENS = {"bundles": "a token for bundles", "reports": "a token for reports"}
CLIENT = "token-of-a-client"
BUNDLE = "bundles/iam.tar.gz"
PATIENCE = SECONDS


def status(url: str) -> int:
    """Return the status of an answer, 0 where there is none."""
    try:
        return requests.get(url, timeout=PATIENCE).status_code
    except requests.RequestException:
        return 0


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program for a while."""
    with subprocess.Popen(command, env={**os.environ, **environment}) as process:  # noqa: S603
        try:
            yield process
        finally:
            process.terminate()


@dataclass(frozen=True)
class Key:
    """A pair of keys for signatures, as PEM files."""

    private: Path
    public: Path


def make_key(folder: Path) -> Key:
    folder.mkdir(parents=True, exist_ok=True)
    pair = Key(folder / "private.pem", folder / "public.pem")
    made = ec.generate_private_key(ec.SECP256R1())
    pair.private.write_bytes(
        made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    pair.public.write_bytes(
        made.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return pair


def signed(archive: Path, key: Key, folder: Path, revision: str | None = None, scope: str = "production") -> bytes:
    """Return a bundle signed with a key, with another revision where one is given."""
    tree = folder / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    with tarfile.open(archive) as opened:
        opened.extractall(tree, filter="data")
    if revision:
        manifest, data = tree / ".manifest", tree / "data.json"
        manifest.write_text(json.dumps({**json.loads(manifest.read_text("utf-8")), "revision": revision}), "utf-8")
        document = json.loads(data.read_text("utf-8"))
        document["iam"]["bundle"]["revision"] = revision
        data.write_text(json.dumps(document), "utf-8")
    target = folder / "signed.tar.gz"
    (folder / "claims.json").write_text(json.dumps({"scope": scope, "keyid": "bundle"}), "utf-8")
    claims = ("--claims-file", str(folder / "claims.json"))
    signing = ("--signing-key", str(key.private), "--signing-alg", "ES256", *claims)
    opa.run("build", "--bundle", ".", "--output", str(target), *signing, folder=tree)
    return target.read_bytes()


@dataclass
class Host:
    """A bundle server: what it hands out, and what OPAs told it.

    Attributes:
        status: what it answers with to everything, where that is not 0.
    """

    url: str = ""
    content: dict[str, bytes] = field(default_factory=dict)
    status: int = 0
    statuses: list[dict[str, Any]] = field(default_factory=list)
    logs: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, int]] = field(default_factory=list)

    def last(self) -> dict[str, Any]:
        """What the last status says of the bundle."""
        return dict(self.statuses[-1].get("bundles", {}).get("iam", {})) if self.statuses else {}


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host: Host

    def do_GET(self) -> None:
        body = self.host.content.get(self.path.lstrip("/"), b"")
        tag = f'"{hashlib.sha256(body).hexdigest()}"'
        if not self._admitted("bundles"):
            self._answer(self.host.status or 401)
        elif self.headers["If-None-Match"] == tag:
            self._answer(304, tag=tag)
        else:
            self._answer(200 if body else 404, body, tag)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        if not self._admitted("reports"):
            self._answer(self.host.status or 401)
            return
        found = json.loads(body)
        if isinstance(found, list):
            self.host.logs.extend(found)
        else:
            self.host.statuses.append(found)
        self._answer(200)

    def _admitted(self, role: str) -> bool:
        return not self.host.status and self.headers["Authorization"] == f"Bearer {TOKENS[role]}"

    def _answer(self, status: int, body: bytes = b"", tag: str = "") -> None:
        self.host.asked.append((self.path, status))
        self.send_response(status)
        if tag:
            self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet of clients that were killed."""


@contextmanager
def hosting(wrap: Callable[[socket.socket], socket.socket] | None = None) -> Iterator[Host]:
    """Run a bundle server on the loopback interface; `wrap` may put TLS around its socket."""
    host = Host()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"host": host}))
    if wrap:
        server.socket = wrap(server.socket)
    host.url = f"{'https' if wrap else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def env_file(name: str) -> dict[str, str]:
    """Return the variables of a file for `docker run --env-file`."""
    lines = (DEPLOY / "opa" / name).read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def image_settings() -> tuple[dict[str, str], list[str]]:
    """Return the environment and the command that the image of deploy/opa has."""
    text = (DEPLOY / "opa" / "Dockerfile").read_text("utf-8")
    environment = dict(re.findall(r"^(?:ENV|   ) (\w+)=(\S+)", text, re.MULTILINE))
    command = re.search(r"^CMD (\[.*\])$", text, re.MULTILINE)
    assert command
    return environment, list(json.loads(command[1]))


@dataclass
class Sidecar:
    """An OPA that runs in a copy of deploy/opa, with the environment and the command of the image.

    Attributes:
        folder: where it runs; secrets/ and clients.json may be changed there before it starts.
        environment: what is set on top of the image's own.
    """

    folder: Path
    environment: dict[str, str]
    url: str
    diagnostics: str
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        image, command = image_settings()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [str(opa.program().path), *command],
                cwd=self.folder,
                env={**os.environ, **image, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = None

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    def healthy(self) -> bool:
        """Whether it says that its bundles are active."""
        assert self.process
        assert self.process.poll() is None, self.log()
        try:
            return requests.get(f"{self.diagnostics}/health?bundles", timeout=PATIENCE).ok
        except requests.RequestException:
            return False

    def ready(self) -> None:
        awaited(self.healthy, "the sidecar is ready")

    def ask(  # noqa: PLR0913 - how one asks
        self,
        request: object,
        rule: str = "allow",
        *,
        token: str = CLIENT,
        timeout: float = PATIENCE,
        verify: str | bool = True,
        cert: tuple[str, str] | None = None,
    ) -> requests.Response:
        url, headers = f"{self.url}/v1/data/iam/authz/{rule}", {"Authorization": f"Bearer {token}"}
        tls: dict[str, Any] = {"verify": verify, "cert": cert}
        return requests.post(url, json={"input": request}, headers=headers, timeout=timeout, **tls)


@contextmanager
def sidecar(folder: Path, host_url: str, public_key: Path, **environment: str) -> Iterator[Sidecar]:
    """Give a sidecar that has not been started; it is stopped at the end."""
    folder.mkdir(exist_ok=True)
    place = folder / "etc"
    shutil.copytree(DEPLOY / "opa", place, ignore=shutil.ignore_patterns("secrets", "opa"))
    secrets = place / "secrets"
    secrets.mkdir()
    for name, token in TOKENS.items():
        (secrets / name).write_text(token, "utf-8")
    shutil.copyfile(public_key, secrets / "bundle.pem")
    clients = {"anonymous": False, "tokens": {hashlib.sha256(CLIENT.encode()).hexdigest(): "test"}, "subjects": {}}
    (place / "clients.json").write_text(json.dumps(clients), "utf-8")
    (folder / "state").mkdir()
    scheme = "https" if "OPA_RUN_TLS_CERT_FILE" in environment else "http"
    address, diagnostics = f"{scheme}://127.0.0.1:{free_port()}", f"http://127.0.0.1:{free_port()}"
    settings = {
        "OPA_IAM_BUNDLES_URL": host_url,
        "OPA_IAM_REPORTS_URL": host_url,
        "OPA_IAM_BUNDLE": BUNDLE,
        "OPA_IAM_STATE": str(folder / "state"),
        "OPA_IAM_INSTANCE": "test",
        "OPA_IAM_POLL_MIN": "1",
        "OPA_IAM_POLL_MAX": "1",
        **environment,
        "OPA_RUN_ADDR": address,
        "OPA_RUN_DIAGNOSTIC_ADDR": diagnostics,
    }
    made = Sidecar(place, settings, address, diagnostics)
    try:
        yield made
    finally:
        made.stop()


def kept(opa: Sidecar) -> list[Path]:
    """Return the bundle that a sidecar keeps for the next start."""
    return [path for path in (opa.folder.parent / "state").rglob("bundle.tar.gz") if path.is_file()]
