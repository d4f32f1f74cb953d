"""A bundle server as a process of its own, and real OPAs that are configured for it."""

from __future__ import annotations

import abc
import io
import json
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tarfile
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import requests

from opa_iam import archive, opa
from opa_iam.server.tokens import ROLES
from waiting import awaited, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from certificates import Authority, Pair

SECONDS = 120
TOKENS = {role: f"the-token-that-opens-{role}" for role in ROLES}
REGO = """package iam.authz

default allow := false

allow if input.action in data.iam.allowed

decision := {"allow": allow, "revision": data.iam.bundle.revision}
"""


def wait(reached: Callable[[], object], what: Callable[[], object] = lambda: "") -> None:
    """Wait for a condition, for longer than it takes on a loaded machine."""
    awaited(reached, what, SECONDS)


def small_bundle(revision: str, *allowed: str, more: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """A bundle of a few lines, which allows some actions."""
    data = {"iam": {"allowed": list(allowed), "bundle": {"revision": revision}, "bulk": ["x" * 64] * 64}}
    manifest = {"revision": revision, "roots": ["iam"], "rego_version": 1}
    values = {".manifest": json.dumps(manifest).encode(), "data.json": json.dumps(data).encode()}
    return archive.packed({**values, "iam/authz/authz.rego": REGO.encode(), **more})


def put(file: Path, content: bytes) -> None:
    """Put a file into another's place in one step."""
    new = file.with_name(f".{file.name}.new")
    new.write_bytes(content)
    new.replace(file)


class Served(abc.ABC):
    """A program that runs until it is stopped, or the block ends."""

    process: subprocess.Popen[bytes] | None = None

    @abc.abstractmethod
    def start(self) -> Self:
        """Start it, and wait until it answers."""

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        code = self.process.wait(SECONDS)
        self.process = None
        return code

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


class BundleServer(Served):
    """`opa-iam serve --bundles`, with a token for each thing."""

    def __init__(self, folder: Path, *options: str, sources: Path | None = None) -> None:
        self.folder, self.options = folder, options
        self.bundles = sources or folder / "bundles"
        self.tokens = folder / "tokens"
        self.port = free_port()
        self.scheme = "https" if "--tls-cert" in options else "http"
        self.url = f"{self.scheme}://127.0.0.1:{self.port}"
        self.log = folder / f"server-{self.port}.log"
        self.tokens.mkdir(exist_ok=True)
        for role, token in TOKENS.items():
            (self.tokens / role).write_text(token)
        if sources is None:
            self.bundles.mkdir(exist_ok=True)
        self.auth = ["--tokens", str(self.tokens)]
        self.session_options: dict[str, Any] = {}

    def use_no_tokens(self) -> None:
        self.auth = ["--no-auth"]

    def start(self) -> Self:
        command = ["serve", "--bundles", str(self.bundles), "--addr", f"127.0.0.1:{self.port}"]
        command += [*self.auth, "--database", str(self.folder / "fleet.sqlite"), *self.options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "opa_iam", *command], stdout=log, stderr=log
            )
        wait(self.answers, self.printed)
        return self

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.printed()
        try:
            return self.get("/health", "fleet").status_code in (200, 503)
        except requests.ConnectionError:
            return False

    def get(self, path: str, role: str | None = None, **more: Any) -> requests.Response:  # noqa: ANN401
        return self.ask("GET", path, role, **more)

    def post(self, path: str, role: str | None = None, **more: Any) -> requests.Response:  # noqa: ANN401
        return self.ask("POST", path, role, **more)

    def ask(
        self,
        method: str,
        path: str,
        role: str | None,
        headers: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401
    ) -> requests.Response:
        bearer = {"Authorization": f"Bearer {TOKENS[role]}"} if role else {}
        return requests.request(
            method,
            f"{self.url}{path}",
            headers={**bearer, **(headers or {})},
            timeout=SECONDS,
            **{**self.session_options, **more},
        )

    def fleet(self) -> dict[str, Any]:
        reply = self.get("/fleet.json", "fleet")
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found

    def serves(self, name: str) -> str | None:
        """The revision that it serves under a name."""
        return next((one["revision"] for one in self.fleet()["bundles"] if one["name"] == name), None)

    def publish(self, name: str, content: bytes, revision: str) -> None:
        put(self.bundles / f"{name}.tar.gz", content)
        wait(lambda: self.serves(name) == revision, self.printed)

    def seen(self, name: str) -> dict[str, Any]:
        """What it shows of the OPA with a name; empty where there is none."""
        return next((opa for opa in self.fleet()["opas"] if opa["labels"].get("name") == name), {})

    def printed(self) -> str:
        return self.log.read_text("utf-8")


class Opa(Served):
    """A real OPA that has its bundle from a server and reports to it."""

    def __init__(self, folder: Path, server: str, name: str = "one", **config: Any) -> None:  # noqa: ANN401
        self.folder, self.name = folder / f"opa-{name}", name
        self.folder.mkdir()
        self.url = f"http://127.0.0.1:{free_port()}"
        self.config = self.folder / "config.json"
        self.config.write_text(json.dumps(self._configured(server, config)), "utf-8")
        self.log = self.folder / "log"
        self.working_folder = self.folder
        self.session = requests.Session()

    def _configured(self, server: str, more: dict[str, Any]) -> dict[str, Any]:
        polling = {"min_delay_seconds": 1, "max_delay_seconds": 2, "long_polling_timeout_seconds": 10}
        services = {
            role: {"url": server, "credentials": {"bearer": {"token": TOKENS[role]}}} for role in ("bundles", "reports")
        }
        return {
            "labels": {"name": self.name},
            "services": services,
            "status": {"service": "reports"},
            "decision_logs": {
                "service": "reports",
                "reporting": {"min_delay_seconds": 1, "max_delay_seconds": 2},
            },
            "persistence_directory": str(self.folder / "kept"),
            "bundles": {
                name: {"service": "bundles", "polling": polling, **more.get("bundle", {})}
                for name in more.get("names", ["iam"])
            },
            **{name: value for name, value in more.items() if name not in ("bundle", "names")},
        }

    def start(self, *, ready: bool = True) -> Self:
        self.launch()
        wait(lambda: self.health("/health?bundles" if ready else "/health"), self.printed)
        return self

    def launch(self) -> None:
        command = [str(opa.program().path), "run", "--server", "--skip-version-check", "--log-level=error"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own program, arguments from us
                [*command, f"--addr={self.url.removeprefix('http://')}", f"--config-file={self.config}"],
                stdout=log,
                stderr=log,
                cwd=self.working_folder,
            )

    def health(self, path: str = "/health?bundles") -> bool:
        try:
            return self.session.get(f"{self.url}{path}", timeout=SECONDS).ok
        except requests.ConnectionError:
            assert self.process is not None
            assert self.process.poll() is None, self.printed()
            return False

    def decide(self, action: str) -> dict[str, Any]:
        """The decision on an action; empty where it is undefined."""
        reply = self.session.post(
            f"{self.url}/v1/data/iam/authz/decision", json={"input": {"action": action}}, timeout=SECONDS
        )
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json().get("result", {})
        return found

    def revision(self) -> str | None:
        return self.decide("x").get("revision")

    def status(self) -> dict[str, Any]:
        """What it says of its bundle."""
        reply = self.session.get(f"{self.url}/v1/status", timeout=SECONDS).json()
        found: dict[str, Any] = reply["result"]["bundles"]["iam"]
        return found

    def await_revision(self, revision: str) -> None:
        wait(lambda: self.revision() == revision, self.printed)

    def printed(self) -> str:
        return self.log.read_text("utf-8")[-4000:]

    def __exit__(self, *_: object) -> None:
        self.session.close()
        super().__exit__()


def signed(content: bytes, folder: Path, key: str = "the-key-of-the-fleet", scope: str = "iam") -> bytes:
    """Sign a bundle with HS256."""
    tree = folder / "to-sign"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir()
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        tar.extractall(tree, [relative(member) for member in tar], filter="data")
    target, claims = folder / "signed.tar.gz", folder / "claims.json"
    claims.write_text(json.dumps({"scope": scope}), "utf-8")
    opa.run(
        *("build", "--bundle", ".", "--output", str(target.resolve())),
        *("--signing-key", key, "--signing-alg", "HS256", "--claims-file", str(claims.resolve())),
        folder=tree,
    )
    return target.read_bytes()


def relative(member: tarfile.TarInfo) -> tarfile.TarInfo:
    return member.replace(name=member.name.lstrip("/"))


def changed(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """Change one file of a bundle and leave the others, signatures among them, as they are."""
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        opened = {member.name.lstrip("/"): tar.extractfile(member) for member in tar if member.isfile()}
        files = {each: file.read() for each, file in opened.items() if file}
    assert old in files[name]
    return archive.packed({**files, name: files[name].replace(old, new)})


def archive_with(content: bytes, name: str, more: bytes) -> bytes:
    """Add one file to a bundle and leave the others as they are."""
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        opened = {member.name.lstrip("/"): tar.extractfile(member) for member in tar if member.isfile()}
        return archive.packed({**{each: file.read() for each, file in opened.items() if file}, name: more})


def certificate_of(port: int, authority: Authority, client: Pair) -> bytes | None:
    """The certificate that a server shows."""
    context = ssl.create_default_context(cafile=authority.certificate)
    context.load_cert_chain(client.certificate, client.key)
    with (
        socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as wrapped,
    ):
        return wrapped.getpeercert(binary_form=True)
