"""docs/deploy.md: what it names is there."""

from __future__ import annotations

import re

import pytest

import sidecar as kit

_TEXT = (kit.DEPLOY.parent / "docs" / "deploy.md").read_text("utf-8")
_TESTS = {
    name
    for file in (kit.DEPLOY.parent / "tests").glob("test_*.py")
    for name in re.findall(r"^def (test_\w+)\(", file.read_text("utf-8"), re.MULTILINE)
}
ROWS = [line for line in _TEXT.partition("## When something fails")[2].splitlines() if line.startswith("| ")][2:]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_a_failure_that_is_told_of_has_its_test(row: str) -> None:
    named = re.findall(r"`(test_\w+)`", row.split("|")[4])
    assert named
    assert set(named) <= _TESTS


def test_every_test_of_a_failure_is_told_of() -> None:
    file = kit.DEPLOY.parent / "tests" / "test_deploy_failures.py"
    tests = set(re.findall(r"^def (test_\w+)\(", file.read_text("utf-8"), re.MULTILINE))
    assert tests - {"test_a_new_revision_takes_over"} - set(re.findall(r"test_\w+", _TEXT)) == set()


def test_every_file_that_is_named_is_there() -> None:
    named = {name.rstrip("/") for name in re.findall(r"deploy/[\w./-]*\w", _TEXT)}
    made = {"deploy/opa/opa"} | {name for name in named if name.startswith("deploy/compose/state")}
    assert [name for name in sorted(named - made) if not (kit.DEPLOY.parent / name).exists()] == []


def test_every_variable_of_the_configuration_is_told_of() -> None:
    config = (kit.DEPLOY / "opa" / "config.yaml").read_text("utf-8")
    told = {*re.findall(r"OPA_\w+", _TEXT), "OPA_IAM_STATE"}
    assert set(re.findall(r"\$\{(\w+)\}", config)) - told == set()
