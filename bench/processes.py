"""What a program takes: its time, and the memory of it and of all that it starts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from opa_iam import opa

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PAUSE = 0.2  # seconds; to look takes a while of the machine as well


def opa_iam(*arguments: str, output: Path | None = None, environment: Mapping[str, str] | None = None) -> float:
    """Run a command of opa-iam and return the seconds that it took."""
    return _run(arguments, output, environment or {})[0]


def opa_iam_memory(*arguments: str, environment: Mapping[str, str] | None = None) -> tuple[float, float]:
    """Run a command of opa-iam; return the seconds, and the bytes of memory of all its processes at their highest."""
    return _run(arguments, None, environment or {}, watch=True)


def _run(
    arguments: tuple[str, ...], output: Path | None, environment: Mapping[str, str], *, watch: bool = False
) -> tuple[float, float]:
    command = [sys.executable, "-m", "opa_iam", *arguments]
    given = {**os.environ, "OPA_IAM_OPA": str(opa.program().path), **environment}
    begun, peak = time.perf_counter(), 0
    with (output or Path(os.devnull)).open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, env=given)  # noqa: S603 - our own program
        while watch and process.poll() is None:
            peak = max(peak, sum(map(_memory, _tree(process.pid))))
            time.sleep(_PAUSE)
        if process.wait():
            raise RuntimeError(f"opa-iam {' '.join(arguments)} failed")
    return time.perf_counter() - begun, float(peak)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text("utf-8").split()
        except OSError:
            continue
        for child in found:
            yield from _tree(int(child))


def _memory(pid: int) -> int:
    """Return a process's share of memory: what several have in common counts once."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
