"""An OPA server for one measurement: started with a bundle and the floor, measured, stopped."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from bench.client import Connection, post
from opa_iam import opa

if TYPE_CHECKING:
    from collections.abc import Sequence

_FLOOR = Path(__file__).with_name("floor.rego")
_SECONDS_TO_START = 120


class Server:
    """An OPA on a unix socket and on TCP at once, with further Rego beside the bundle."""

    def __init__(self, bundle: Path | None, options: Sequence[str] = (), *, with_floor: bool = True) -> None:
        """Start it as the harness does, and wait until it answers with its bundle active.

        Args:
            bundle: the bundle.
            options: further options of OPA.
            with_floor: whether it gets the floor; OPA compiles all of its Rego anew for that.
        """
        self._printed: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._folder = tempfile.TemporaryDirectory(prefix="opa-iam-bench-")
        self.unix = f"unix://{self._folder.name}/opa.sock"
        self.tcp = f"127.0.0.1:{_free_port()}"
        command = [str(opa.program().path), "run", "--server", "--skip-version-check", "--log-level=error"]
        command += [f"--addr={self.unix}", f"--addr={self.tcp}", *opa.SERVED, *options]
        begun = time.perf_counter()
        self.process = subprocess.Popen(  # noqa: S603 - our own program, arguments from us
            [*command, *(["--bundle", str(bundle)] if bundle else [])], stdin=subprocess.DEVNULL, stderr=self._printed
        )
        self._await()
        self.seconds_to_start = time.perf_counter() - begun
        if with_floor:
            self.add("floor", _FLOOR.read_bytes())

    def add(self, name: str, rego: bytes) -> None:
        """Add a module of Rego."""
        with Connection(self.unix) as connection:
            connection.exchange(post(f"/v1/policies/{name}", rego, "PUT", "text/plain"))

    def memory(self, name: str = "VmRSS") -> int:
        """Return the bytes of memory that the process has: `VmRSS` now, `VmHWM` at its highest."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text("utf-8").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError(f"no {name} is known of the process")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()
        self._printed.close()
        self._folder.cleanup()

    def _await(self) -> None:
        health = post("/health?bundles", b"", "GET")
        deadline = time.monotonic() + _SECONDS_TO_START
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with Connection(self.unix) as connection:
                    connection.exchange(health)
            except (OSError, RuntimeError):
                time.sleep(0.01)
            else:
                return
        self.process.kill()
        self._printed.seek(0)
        raise RuntimeError(f"OPA did not start: {self._printed.read().decode('utf-8', 'replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
