"""The official release: downloaded, and kept only if its SHA-256 is the published one."""

from __future__ import annotations

import hashlib
import re
import shutil
import tarfile
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import requests

from opa_iam.errors import ToolError
from opa_iam.tools import pins, store
from opa_iam.tools.model import Obtained, Passed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opa_iam.tools.model import Report, Tool

_BASES = {
    "opa": "https://github.com/open-policy-agent/opa/releases/download",
    "conftest": "https://github.com/open-policy-agent/conftest/releases/download",
}
_TIMEOUTS = (3.05, 20)  # seconds to connect, and between two pieces of an answer
_PATIENCE = 10  # seconds for the checksum
_HEARTBEAT = 5  # seconds between two lines about a download
_PIECE = 1 << 18


@dataclass(frozen=True)
class _Asset:
    """One file of a release, and the file that says what its SHA-256 is."""

    name: str
    url: str
    checksums: str


def from_release(tool: Tool, report: Report) -> Obtained:
    """Download the official release of a tool into the cache.

    Raises:
        Passed: there is none for this platform, the host can't be reached or answers badly.
        ToolError: what came is not what was published.
    """
    pin = pins.version(tool)
    asset = _asset(tool, pin)
    published = _within(_PATIENCE, lambda: _published(asset))
    report(f"{tool.name} {pin}: downloading {asset.url}")
    with store.landing(tool) as binary:
        body = binary.with_name(asset.name)
        found = _download(asset, body, report)
        if found != published:
            raise ToolError(
                f"{asset.url} has SHA-256 {found}, but {asset.checksums} says {published}: the download broke, or was"
                " tampered with. Nothing of it was kept. Try again, or forbid this way with"
                " OPA_IAM_TOOLS_WITHOUT=release"
            )
        _unpack(tool, body, binary)
    return Obtained(tool.name, pin, store.place(tool.name, pin), "release")


def _asset(tool: Tool, version: str) -> _Asset:
    """Name the files as OPA's Makefile (targets ci-build-*) and Conftest's .goreleaser.yml do."""
    system, machine = store.host()
    if system not in ("linux", "darwin") or machine not in ("amd64", "arm64"):
        raise Passed(f"this way knows no release for {system}/{machine}")
    base = f"{_BASES[tool.name]}/v{version}"
    if tool.name == "opa":
        name = f"opa_{system}_{machine}" + ("" if (system, machine) == ("darwin", "amd64") else "_static")
        return _Asset(name, f"{base}/{name}", f"{base}/{name}.sha256")
    name = f"conftest_{version}_{system.title()}_{'x86_64' if machine == 'amd64' else machine}.tar.gz"
    return _Asset(name, f"{base}/{name}", f"{base}/checksums.txt")


def _published(asset: _Asset) -> str:
    """Read the SHA-256 of an asset from lines of the form `digest  name`."""
    try:
        answer = requests.get(asset.checksums, timeout=_TIMEOUTS)
        answer.raise_for_status()
    except requests.RequestException as broken:
        raise _unreachable(asset.checksums, broken) from broken
    match = re.search(rf"^([0-9a-f]{{64}})[ *]+(?:\S*/)?{re.escape(asset.name)}$", answer.text, re.MULTILINE)
    if match is None:
        raise Passed(f"{asset.checksums} says nothing about {asset.name}")
    return match[1]


def _download(asset: _Asset, file: Path, report: Report) -> str:
    """Download an asset into a file and return its SHA-256."""
    digest = hashlib.sha256()
    try:
        with requests.get(asset.url, timeout=_TIMEOUTS, stream=True) as answer, file.open("wb") as out:
            answer.raise_for_status()
            total = int(answer.headers.get("Content-Length", "0"))
            _copy(answer, out, digest.update, _progress(asset.name, total, report))
    except requests.RequestException as broken:
        raise _unreachable(asset.url, broken) from broken
    return digest.hexdigest()


def _copy(
    answer: requests.Response, out: BinaryIO, hashed: Callable[[bytes], None], progress: Callable[[int], None]
) -> None:
    for piece in answer.iter_content(_PIECE):
        hashed(piece)
        out.write(piece)
        progress(out.tell())


def _progress(name: str, total: int, report: Report) -> Callable[[int], None]:
    """Return a function that reports how much is here, but not more often than every few seconds."""
    due = time.monotonic() + _HEARTBEAT

    def progress(done: int) -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + _HEARTBEAT
            report(f"{name}: {done / 1e6:.0f} MB" + (f" of {total / 1e6:.0f} MB" if total else ""))

    return progress


def _unpack(tool: Tool, body: Path, binary: Path) -> None:
    """Make the binary of what was downloaded: itself, or the member of the archive that has the tool's name."""
    if not body.name.endswith(".tar.gz"):
        body.replace(binary)
        return
    try:
        with tarfile.open(body, "r:gz") as archive:
            member = archive.extractfile(tool.name)
            if member is None:
                raise Passed(f"{tool.name} is no file in {body.name}")
            with member, binary.open("wb") as out:
                shutil.copyfileobj(member, out)
    except (KeyError, EOFError, tarfile.TarError) as broken:
        raise Passed(f"{body.name} is not an archive with {tool.name} in it: {broken}") from broken


def _unreachable(url: str, broken: requests.RequestException) -> Passed:
    if broken.response is not None:
        return Passed(f"{url} answers {broken.response.status_code} {broken.response.reason}")
    return Passed(f"{url} can't be reached or broke off ({type(broken).__name__})")


def _within(seconds: float, call: Callable[[], str]) -> str:
    """Call a function, but wait for it only so long: a name look-up that hangs is under no timeout of requests."""
    future: Future[str] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except Exception as broken:  # noqa: BLE001 the future hands it on
            future.set_exception(broken)

    threading.Thread(target=run, daemon=True).start()
    try:
        return future.result(seconds)
    except TimeoutError as broken:
        raise Passed(f"the release's host did not answer within {seconds} s") from broken
