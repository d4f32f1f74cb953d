"""The gate's own rules: what each finds, in a few words. The codes of the lint count as rules as well."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def titles() -> Mapping[str, str]:
    """Return what each rule finds, by its name."""
    text = resources.files("opa_iam").joinpath("ci", "rules.json").read_text("utf-8")
    found: dict[str, str] = json.loads(text)
    return found
