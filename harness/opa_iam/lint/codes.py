"""The codes of findings: how grave each is, and what it says in a few words."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from opa_iam.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OURS = "OPA_IAM_"
"""What the codes that AWS doesn't have begin with; alone, it stands for all of them."""

SEVERITIES = ("ERROR", "SECURITY_WARNING", "WARNING", "SUGGESTION")
"""The finding types of AWS's ValidatePolicy, the gravest first."""

_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
_KINDS = {
    "ERROR": "error",
    "SECURITY_WARNING": "security-warning",
    "SUGGESTION": "suggestion",
    "WARNING": "general-warning",
}


@dataclass(frozen=True)
class Code:
    """A code.

    Attributes:
        name: the code.
        severity: AWS's finding type of it, for codes of ours the usual severity.
        title: what is the matter.
        optional: whether it is looked for only where it is selected.
    """

    name: str
    severity: str
    title: str
    optional: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether AWS doesn't have it."""
        return self.name.startswith(OURS)


@cache
def every() -> Mapping[str, Code]:
    """Return all codes by name: AWS's, then ours."""
    text = resources.files("opa_iam").joinpath("lint", "codes.json").read_text("utf-8")
    return {name: Code(name, **value) for name, value in json.loads(text).items()}


def expand(texts: Iterable[str]) -> frozenset[str]:
    """Return the codes that a user means: codes with commas between them; `OPA_IAM_` for all of ours.

    Raises:
        InputError: there is no such code.
    """
    names = [name.strip() for text in texts for name in text.split(",")]
    return frozenset(code for name in names for code in _meant(name))


def _meant(name: str) -> Iterable[str]:
    if name == OURS:
        return [code.name for code in every().values() if code.is_ours]
    if name not in every():
        near = difflib.get_close_matches(name, every(), n=1)
        raise InputError(f"there is no code '{name}'" + (f"; is {near[0]} meant?" if near else ""))
    return [name]


def learn_more(name: str) -> str | None:
    """Return where AWS explains one of its codes (LINT-4); None for others."""
    code = every().get(name)
    if code is None or code.is_ours:
        return None
    anchor = f"{_KINDS[code.severity]}-{name.lower().replace('_', '-')}"
    return f"{_PAGE}#access-analyzer-reference-policy-checks-{anchor}"
