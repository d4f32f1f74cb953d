"""How far a long step has come, for somebody who waits at a terminal; elsewhere nothing is printed."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def of(step: str, total: int) -> Iterator[Callable[[int], object]]:
    """Give a function to be told how many more are done; the line is gone at the end.

    Args:
        step: what is done, and to what.
        total: how many there are.
    """
    if not total or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - takes long to import, and most runs have nothing to show
    from rich.progress import Progress  # noqa: PLC0415 - same

    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(step, total=total)
        yield lambda more: shown.advance(task, more)
