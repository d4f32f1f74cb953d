"""What a sidecar costs: how large it is, how soon it decides, and what guarding its API adds to a decision.

Run it as PYTHONPATH=harness:tests python bench/sidecar_costs.py
"""

from __future__ import annotations

import asyncio
import http.client
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import sidecar as kit
from opa_iam import bundle, library, opa
from opa_iam.asgi import AsyncHttpEngine
from waiting import awaited, free_port

if TYPE_CHECKING:
    from collections.abc import Callable

_REQUEST = {
    "principal": "arn:aws:sts::111122223333:assumed-role/OnCallEngineer/ana",
    "action": "ssm-incidents:StartIncident",
    "resource": "arn:aws:ssm-incidents::111122223333:response-plan/web",
    "context": {"aws:SourceIp": "192.0.2.1", "aws:SecureTransport": True},
}
_TIMES = 4000


def main() -> None:
    """Measure, and print a line for each."""
    archive = bundle.locate(str(library.root()))
    _tell("OPA, the program", f"{opa.program().path.stat().st_size / 1e6:.1f} MB")
    _tell("the bundle", f"{archive.stat().st_size / 1e6:.2f} MB")
    with tempfile.TemporaryDirectory() as name, kit.hosting() as host:
        folder = Path(name)
        key = kit.make_key(folder / "key")
        host.content[kit.BUNDLE] = kit.signed(archive, key, folder, "first")
        with kit.sidecar(folder / "opa", host.url, key.public) as opa_:
            _tell("ready, with the server", _seconds(lambda: _started(opa_)))
            awaited(lambda: kit.kept(opa_), "the bundle is kept")
            _tell("memory, resident", f"{_resident(opa_):.0f} MB")
            host.content[kit.BUNDLE] = kit.signed(archive, key, folder, "second")
            _tell("a new revision decides, polling each second", _seconds(lambda: _decided_by(opa_, "second")))
            guarded = _median(opa_.url, {"Authorization": f"Bearer {kit.CLIENT}"})
            _tell("a decision, by the sidecar", f"{guarded:.0f} µs")
            _tell("a decision, by the sidecar, in asyncio", f"{asyncio.run(_median_in_loop(opa_.url)):.0f} µs")
            opa_.stop()
            host.status = 503
            _tell("ready, without the server", _seconds(lambda: _started(opa_)))
        _tell("a decision, by an OPA that lets everybody ask and logs nothing", f"{_plain(archive):.0f} µs")


def _plain(archive: Path) -> float:
    address = f"127.0.0.1:{free_port()}"
    with subprocess.Popen(opa.server(archive, address, "--log-level=error")) as process:  # noqa: S603
        try:
            awaited(lambda: kit.status(f"http://{address}/health?bundles") == 200, "OPA is ready")
            return _median(f"http://{address}", {})
        finally:
            process.kill()


def _median(url: str, headers: dict[str, str]) -> float:
    """Return the median microseconds of an `allow` over one connection."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    body, taken = json.dumps({"input": _REQUEST}), []
    for _ in range(_TIMES):
        start = time.perf_counter()
        connection.request("POST", "/v1/data/iam/authz/allow", body, headers)
        answer = json.loads(connection.getresponse().read())
        taken.append(time.perf_counter() - start)
        assert answer["result"] is True  # noqa: S101 - what is measured must be a decision
    connection.close()
    return statistics.median(taken[_TIMES // 4 :]) * 1e6


async def _median_in_loop(url: str) -> float:
    taken = []
    async with AsyncHttpEngine(url, token=kit.CLIENT, seconds=60) as engine:
        for _ in range(_TIMES):
            start = time.perf_counter()
            await engine.query("iam/authz/allow", _REQUEST)
            taken.append(time.perf_counter() - start)
    return statistics.median(taken[_TIMES // 4 :]) * 1e6


def _started(opa_: kit.Sidecar) -> None:
    opa_.start()
    opa_.ready()


def _decided_by(opa_: kit.Sidecar, revision: str) -> None:
    awaited(lambda: opa_.ask(_REQUEST, "decision").json()["result"]["revision"] == revision, "it decides")


def _seconds(call: Callable[[], None]) -> str:
    start = time.perf_counter()
    call()
    return f"{time.perf_counter() - start:.2f} s"


def _resident(opa_: kit.Sidecar) -> float:
    assert opa_.process  # noqa: S101
    for line in Path(f"/proc/{opa_.process.pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _tell(what: str, value: str) -> None:
    print(f"{what:65}{value}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
