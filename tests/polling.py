"""A real OPA that polls for bundles, and a web server from which it gets them."""

from __future__ import annotations

import hashlib
import json
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, Self

import requests

from opa_iam import opa
from waiting import SECONDS, awaited, free_port

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Site:
    """A web server on the loopback interface, with what the test puts on it. ETags are told by content."""

    def __init__(self) -> None:
        self.resources: dict[str, bytes] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        resources = self.resources

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = resources.get(self.path.lstrip("/"))
                tag = hashlib.sha256(body or b"").hexdigest()
                status = 404 if body is None else 304 if self.headers.get("If-None-Match") == tag else 200
                sent = body if body is not None and status == requests.codes.ok else b""
                self.send_response(status)
                self.send_header("ETag", tag)
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            def log_message(self, *_: object) -> None: ...

        return Handler

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class PollingOpa:
    """A real OPA with a configuration, whose bundles all poll without a pause."""

    def __init__(self, folder: Path, config: Mapping[str, Any], *options: str) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        polling = {"min_delay_seconds": 0, "max_delay_seconds": 1}
        bundles = {name: {"polling": polling, **source} for name, source in config["bundles"].items()}
        file = folder / f"opa-{port}.json"
        file.write_text(json.dumps({**config, "bundles": bundles, "status": {"console": True}}), "utf-8")
        self._log = folder / f"opa-{port}.log"
        command = [str(opa.program().path), "run", "--server", f"--addr=127.0.0.1:{port}", "--skip-version-check"]
        command += [*options, "--log-level=error", f"--config-file={file}"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - arguments from us

    def status(self, bundle: str) -> dict[str, Any]:
        """What OPA says of a bundle: `active_revision`, and `code` and `message` where it refused the last one."""
        try:
            reply = requests.get(f"{self.url}/v1/status", timeout=SECONDS).json()
        except requests.RequestException:
            assert self._process.poll() is None, self.printed()
            return {}
        found: dict[str, Any] = reply.get("result", {}).get("bundles", {}).get(bundle, {})
        return found

    def await_revision(self, bundle: str, revision: str) -> None:
        """Wait until a revision of a bundle is active."""
        awaited(lambda: self.status(bundle).get("active_revision") == revision)

    def await_refusal(self, bundle: str, message: str) -> None:
        """Wait until it has refused what it got, for this reason."""
        awaited(lambda: message in self.status(bundle).get("message", ""))

    def data(self, path: str = "") -> Any:  # noqa: ANN401
        """Return what is under `data`; None where it is undefined."""
        return requests.get(f"{self.url}/v1/data/{path}", timeout=SECONDS).json().get("result")

    def printed(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def __enter__(self) -> Self:
        awaited(self._listens)
        return self

    def _listens(self) -> bool:
        assert self._process.poll() is None, self.printed()
        try:
            return requests.get(f"{self.url}/health", timeout=SECONDS).ok
        except requests.RequestException:
            return False

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(SECONDS)
