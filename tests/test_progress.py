from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from opa_iam import progress

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_somebody_at_a_terminal_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with progress.of("policy documents", 4) as advance:
        advance(4)
    assert isinstance(sys.stderr, Terminal)
    assert "policy documents" in sys.stderr.getvalue()


def test_elsewhere_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.of("policy documents", 4) as advance:
        advance(4)
    assert capsys.readouterr() == ("", "")
