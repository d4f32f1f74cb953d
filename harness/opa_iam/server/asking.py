"""What a bundle request asks for, as OPA's downloader writes it into its headers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_ETAG = re.compile(r'(?:W/)?"[^"]*"|\*')
_LONGEST_WAIT = 300.0  # seconds


@dataclass(frozen=True)
class Asked:
    """What a client has and what it would take.

    Attributes:
        etags: those that it names, the one of what it runs first: OPA may name some that it ran before.
        delta: whether it takes a delta.
        wait: for how many seconds it waits for something new; 0 for not at all.
    """

    etags: tuple[str, ...]
    delta: bool
    wait: float

    @property
    def base(self) -> str | None:
        """The ETag of what it runs."""
        return self.etags[0] if self.etags else None

    def has(self, etag: str) -> bool:
        """Tell whether it needs nothing where this is what is served."""
        return etag in self.etags or "*" in self.etags


def read(headers: Mapping[str, str]) -> Asked:
    """Read `If-None-Match` and `Prefer: modes=snapshot,delta;wait=N`; what is not understood is not asked for."""
    preferences = {
        name.strip().lower(): value.strip()
        for name, _, value in (part.partition("=") for part in headers.get("prefer", "").split(";"))
    }
    modes = {mode.strip() for mode in preferences.get("modes", "").split(",")}
    wait = preferences.get("wait", "")
    return Asked(
        etags=tuple(etag.removeprefix("W/") for etag in _ETAG.findall(headers.get("if-none-match", ""))),
        delta="delta" in modes,
        wait=min(float(wait), _LONGEST_WAIT) if re.fullmatch(r"[0-9]{1,6}", wait) else 0.0,
    )
