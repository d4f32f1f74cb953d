"""An OPA server of this process's own: started on a bundle, watched, stopped."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import threading
import time
import uuid
from typing import IO, TYPE_CHECKING, Any, Self

import requests

from opa_iam import opa
from opa_iam.engines.http import HttpEngine
from opa_iam.errors import EngineError

if TYPE_CHECKING:
    from pathlib import Path

_SECONDS_TO_START = 60.0
_SECONDS_TO_STOP = 5.0
_HOST = "127.0.0.1"
_LABEL = "opa-iam-instance"


class LocalOpa:
    """An OPA server on the loopback interface, on a free port.

    It is restarted once if it dies; a second death is an error. Threads can share it.
    """

    at_once = HttpEngine.at_once

    def __init__(self, bundle: Path) -> None:
        """Start OPA on a bundle and wait until it decides.

        Raises:
            ToolError: OPA can't be had.
            EngineError: OPA ends, or is not ready in time; the message says what it printed.
        """
        self._bundle = bundle
        self._restarts_left = 1
        self._lock = threading.Lock()
        self._server = _Server(bundle)

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self._server.process.pid

    def query(self, path: str, value: object) -> Any:  # noqa: ANN401
        """Return the value of a rule for an input; see `Engine.query`."""
        server = self._server
        try:
            return server.client.query(path, value)
        except EngineError as error:
            if server.is_running():
                raise
            self._restart(server, error)
        return self._server.client.query(path, value)

    def _restart(self, ended: _Server, error: EngineError) -> None:
        """Start a server in the place of one that ended, unless another thread has done it already."""
        with self._lock:
            if self._server is not ended:
                return
            if not self._restarts_left:
                raise EngineError(f"OPA ended a second time: {ended.obituary()}") from error
            self._restarts_left -= 1
            ended.stop()
            self._server = _Server(self._bundle)

    def close(self) -> None:
        """Stop the server."""
        self._server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server:
    """One OPA process and the connection to it."""

    def __init__(self, bundle: Path) -> None:
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._instance = uuid.uuid4().hex
        port = _free_port()
        self.client = HttpEngine(_HOST, port)
        self.process = subprocess.Popen(  # noqa: S603 - our own program, arguments from us
            opa.server(bundle, f"{_HOST}:{port}", "--log-level=error", f"--set=labels.{_LABEL}={self._instance}"),
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._output,
        )
        try:
            self._await_readiness()
        except BaseException:
            self.stop()
            raise

    def is_running(self) -> bool:
        return self.process.poll() is None

    def obituary(self) -> str:
        """Return how the process ended and the end of what it printed."""
        self._output.seek(0)
        printed = self._output.read().decode("utf-8", "replace").strip()
        return f"exit {self.process.poll()}; it printed: {printed[-2000:] or 'nothing'}"

    def stop(self) -> None:
        """End the process and the connection; calling it twice does no harm."""
        self.process.terminate()
        try:
            self.process.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.client.close()
        self._output.close()

    def _await_readiness(self) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        while time.monotonic() < deadline:
            if not self.is_running():
                raise EngineError(f"OPA did not start: {self.obituary()}")
            if self._is_listening() and self.client.is_ready():
                self._confirm_identity()
                return
            time.sleep(0.01)
        raise EngineError(f"OPA was not ready after {_SECONDS_TO_START:.0f} seconds")

    def _is_listening(self) -> bool:
        """Tell whether anything listens; asking the client would retry for longer than OPA takes to start."""
        host, port = self.client.url.removeprefix("http://").split(":")
        with socket.socket() as probe:
            return probe.connect_ex((host, int(port))) == 0

    def _confirm_identity(self) -> None:
        """Make sure that it is our server that answers, and not one that took the port before it."""
        try:
            is_ours = self.client.labels().get(_LABEL) == self._instance
        except (requests.RequestException, KeyError) as error:
            raise EngineError(f"what answers at {self.client.url} is no OPA: {error}") from error
        if not is_ours:
            raise EngineError(f"another server answers at {self.client.url}, where OPA was to start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])
