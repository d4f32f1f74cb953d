"""Every code of the catalogue is found by something, or it is told why it isn't; and each is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from opa_iam import library
from opa_iam.errors import InputError
from opa_iam.lint import codes

ROOT = library.root()
CODES = codes.every()
UNCHECKED = yaml.safe_load((Path(__file__).parent / "lint" / "unchecked.yaml").read_text("utf-8"))
NAME = re.compile(r'"([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)"')
AWS_COUNT = 153
OTHER_WORDS = {
    "PATTERN_TOO_COMPLEX",  # what lowering calls what the lint calls OPA_IAM_NOT_EVALUATED
    "SPECIFIC_ATTRIBUTES",  # a value of dynamodb:Select
}


def named_in(pattern: str) -> set[str]:
    """The codes of the catalogue that stand in some files of the repository."""
    return {name for path in ROOT.glob(pattern) for name in NAME.findall(path.read_text("utf-8"))} & set(CODES)


def test_every_code_is_looked_for_or_told_why_not() -> None:
    looked_for = named_in("rego/iam/**/*.rego") | named_in("harness/opa_iam/**/*.py")
    assert sorted(set(CODES) - looked_for - set(UNCHECKED)) == []
    assert sorted(set(UNCHECKED) & looked_for) == []
    assert [code for code, reason in UNCHECKED.items() if not reason.strip()] == []


def test_every_code_that_the_lint_gives_is_in_the_catalogue() -> None:
    files = [path for path in (ROOT / "rego/iam/lint").rglob("*.rego") if not path.name.endswith("_test.rego")]
    given = {name for path in files for name in re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', path.read_text("utf-8"))}
    assert sorted(given - set(CODES) - set(codes.SEVERITIES) - OTHER_WORDS) == []


def test_the_catalogue_has_all_of_aws() -> None:
    assert len([code for code in CODES.values() if not code.is_ours]) == AWS_COUNT
    assert {code.severity for code in CODES.values()} == set(codes.SEVERITIES)


def test_the_document_lists_every_code() -> None:
    text = (ROOT / "docs/lint.md").read_text("utf-8")
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| ([A-Z_]+)(, optional)? \| (.+) \|$", text, re.MULTILINE)
    assert rows == [
        (code.name, code.severity, ", optional" if code.optional else "", code.title)
        for code in CODES.values()
        if code.name not in UNCHECKED
    ]


def test_the_document_says_what_is_not_checked() -> None:
    text = (ROOT / "docs/lint.md").read_text("utf-8")
    assert re.findall(r"^- `([A-Z0-9_]+)`: (.+)$", text, re.MULTILINE) == list(UNCHECKED.items())


# LINT-4
@pytest.mark.parametrize(
    ("code", "anchor"),
    [
        ("INVALID_ACTION", "error-invalid-action"),
        ("MISSING_VERSION", "general-warning-missing-version"),
        ("PASS_ROLE_WITH_STAR_IN_RESOURCE", "security-warning-pass-role-with-star-in-resource"),
        ("EMPTY_ARRAY_CONDITION_FORALLVALUES", "suggestion-empty-array-condition-forallvalues"),
    ],
)
def test_where_aws_explains_a_code(code: str, anchor: str) -> None:
    link = codes.learn_more(code)
    assert link is not None
    assert link.endswith(f"policy-checks.html#access-analyzer-reference-policy-checks-{anchor}")


@pytest.mark.parametrize("code", ["OPA_IAM_PRINCIPAL_GONE", "INVALID_SHAPE"])
def test_aws_explains_no_code_of_ours(code: str) -> None:
    assert codes.learn_more(code) is None


def test_codes_are_given_by_name_or_all_of_ours_at_once() -> None:
    assert codes.expand(["INVALID_ACTION, MISSING_VERSION", "EMPTY_SID_VALUE"]) == {
        "EMPTY_SID_VALUE",
        "INVALID_ACTION",
        "MISSING_VERSION",
    }
    assert codes.expand(["OPA_IAM_"]) == {name for name in CODES if name.startswith("OPA_IAM_")}


@pytest.mark.parametrize("text", ["INVALID_ACTIONS", "INVALID_ACTION,INVALID_ACTIONS"])
def test_a_code_that_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no code 'INVALID_ACTIONS'; is INVALID_ACTION meant"):
        codes.expand([text])
