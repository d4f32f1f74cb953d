"""Waiting for what real programs do, and where they may listen."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Found = TypeVar("Found")

SECONDS = 60
"""How long what takes a moment on an idle machine may take."""


def awaited(condition: Callable[[], Found], what: str | Callable[[], object] = "", seconds: float = SECONDS) -> Found:
    """Wait until a condition holds, and return what it found; `what` is told where it doesn't."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"after {seconds} seconds: {what() if callable(what) else what}"
        time.sleep(0.05)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
