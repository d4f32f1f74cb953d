"""docs/ci.md tells all rules and settings, and what it shows is sound."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from gate import ROOT
from opa_iam.ci import rules, settings

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (ROOT / "docs" / "ci.md").read_text("utf-8")
SCHEMA = json.loads((ROOT / "harness" / "opa_iam" / "schemas" / "ci.json").read_text("utf-8"))
BLOCKS = [
    block for block in re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE) if "hooks:" not in block
]


def test_every_rule_is_told() -> None:
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+) \|$", TEXT, re.MULTILINE))
    assert told == rules.titles()


def test_every_setting_is_told() -> None:
    names = SCHEMA["$defs"]["settings"]["properties"]
    assert [name for name in names if not re.search(rf"(?m)^  {name}: |`{name}[`:]", TEXT)] == []


@pytest.mark.parametrize("block", [block for block in BLOCKS if not block.startswith("#")])
def test_settings_that_are_shown_are_sound(block: str, tmp_path: Path) -> None:
    file = tmp_path / "shown.yaml"
    file.write_text(block)
    assert settings.read([str(file)]).value


def test_the_workflow_gives_the_action_inputs_that_it_has() -> None:
    (workflow,) = [block for block in BLOCKS if block.startswith("# .github/")]
    given = re.findall(r"^          ([a-z-]+):", workflow, re.MULTILINE)
    declared = (ROOT / "action.yml").read_text("utf-8")
    assert len(given) == 4
    assert [name for name in given if f"\n  {name}:\n" not in declared] == []
