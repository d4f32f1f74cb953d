"""Every rule of the gate breaks where it should, and only there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import gate
from opa_iam import documents, library, opa
from opa_iam.ci import rules
from opa_iam.lint import codes

CASES = documents.read(str(Path(__file__).parent / "ci" / "rules.yaml")).value
CONFTESTS_OWN = {"OTHER_KIND_OF_FILE"}  # see test_ci_conftest.py
NOT_RULES = {"GENERATED", "RESOURCE_CONTROL_POLICY", "SECURITY_WARNING", "SERVICE_CONTROL_POLICY"}
EVERYTHING = {
    "actions": {"Allow": {"*": {"every": ["0"]}}},
    "statements": {},
}
# What stands in the place of input or data has to be bound before.
QUERY = """[found |
    some case in input
    {"files": files, "settings": settings, "guardrails": guardrails, "exceptions": exceptions} = case.given
    policies := object.union(data.iam.policies, case.policies)
    report := data.iam.ci.report with input as files
        with data.iam.ci.settings as settings
        with data.iam.ci.guardrails as guardrails
        with data.iam.ci.exceptions as exceptions
        with data.iam.policies as policies
    found := {finding.rule | some finding in report.findings}
]"""


def _files(case: dict[str, Any]) -> list[dict[str, Any]]:
    contents = [_plan(**case["plan"]) | case.get("with", {})] if "plan" in case else case.get("files") or [case["file"]]
    return [{"path": case.get("named", f"{number}.json"), "contents": one} for number, one in enumerate(contents)]


def _plan(before: list[str], after: list[str] | int) -> dict[str, Any]:
    """A plan that changes a user's policy."""
    later = [f"s3:Action{number}" for number in range(after)] if isinstance(after, int) else after
    user = {"name": "ana", "arn": "arn:aws:iam::111122223333:user/ana", "path": "/"}
    texts = [gate.policy(*actions) if actions else None for actions in (before, later)]
    old, new = ({"name": "p", "user": "ana", "policy": text} if text else None for text in texts)
    return gate.plan(
        gate.resource("aws_iam_user", "ana", user, user), gate.resource("aws_iam_user_policy", "ana", old, new)
    )


def _asked(case: dict[str, Any]) -> dict[str, Any]:
    given = {
        "files": _files(case),
        "settings": {"long_intrinsics": True, **case.get("settings", {})},
        "guardrails": case.get("guardrails", []),
        "exceptions": case.get("exceptions", []),
    }
    return {"given": given, "policies": dict.fromkeys(case.get("policies", []), EVERYTHING)}


@pytest.fixture(scope="module")
def found() -> dict[str, list[list[str]]]:
    """The rules that are broken by what should break each, and by what should not."""
    asked = [_asked(case[name]) for case in CASES for name in ("breaks", "keeps")]
    answers = opa.evaluate(QUERY, asked, gate.data())
    return {case["rule"]: answers[2 * number : 2 * number + 2] for number, case in enumerate(CASES)}


@pytest.mark.parametrize("rule", [case["rule"] for case in CASES])
def test_a_rule_is_broken_where_it_should_be_and_only_there(rule: str, found: dict[str, list[list[str]]]) -> None:
    broken, kept = found[rule]
    assert (rule in broken, rule in kept) == (True, False)


def test_every_rule_has_both() -> None:
    shown = [case["rule"] for case in CASES]
    assert sorted({*rules.titles(), *_named_lint_codes()} - CONFTESTS_OWN) == sorted(shown)


def _in_rego() -> set[str]:
    files = (library.root() / "rego" / "iam" / "ci").rglob("*.rego")
    texts = [file.read_text("utf-8") for file in files if not file.match("*_test.rego")]
    return {name for text in texts for name in re.findall(r'"([A-Z][A-Z_]{5,})"', text)} - NOT_RULES


def _named_lint_codes() -> set[str]:
    return {"ALLOW_WITH_NOT_PRINCIPAL", "JSON_SYNTAX_ERROR", "OPA_IAM_PUBLIC_RESOURCE_POLICY"}


def test_every_rule_of_the_rego_has_a_title() -> None:
    assert sorted(_in_rego() - set(codes.every())) == sorted(rules.titles())
