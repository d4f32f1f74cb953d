from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from opa_iam import cases
from opa_iam.cases import Case

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opa_iam.engines import LocalOpa
    from opa_iam.errors import Finding

    Refused = Callable[..., tuple[Finding, ...]]

USER = "arn:aws:iam::111122223333:user/Ana"
POLICY = {"Statement": {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}}
REQUEST = {
    "principal": USER,
    "action": "s3:GetObject",
    "resource": "arn:aws:s3:::b/k",
    "policies": {"identity": [POLICY]},
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    """A function that writes a case file and returns its name."""

    def write_text(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, "utf-8")
        return str(tmp_path / name)

    return write_text


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        (
            "a.iam.yaml",
            """# two cases
- name: one
  request: {action: a, as_of: 2022-12-15}
  expect: {allow: true}

- name: two
  request: {}
  expect: {allow: false}
""",
            (2, 6),
        ),
        (
            "a.json",
            """[
  {"name": "one", "request": {"action": "a", "as_of": "2022-12-15"}, "expect": {"allow": true}},
  {"name": "two", "request": {}, "expect": {"allow": false}}
]""",
            (2, 3),
        ),
    ],
)
def test_a_list_of_cases(write: Callable[[str, str], str], name: str, text: str, lines: tuple[int, int]) -> None:
    file = write(name, text)
    assert cases.read(file) == (
        Case("one", {"action": "a", "as_of": "2022-12-15"}, {"allow": True}, file, lines[0]),
        Case("two", {}, {"allow": False}, file, lines[1]),
    )


def test_defaults_go_before_each_cases_own_fields_and_are_not_mixed_into_them(
    write: Callable[[str, str], str],
) -> None:
    text = """defaults:
  action: a
  context: {x: 1, y: 2}
cases:
  - {name: one, request: {}, expect: {allow: true}}
  - {name: two, request: {action: b, context: {x: 3}, resource: r}, expect: {allow: true}}
"""
    file = write("a.yaml", text)
    assert cases.read(file) == (
        Case("one", {"action": "a", "context": {"x": 1, "y": 2}}, {"allow": True}, file, 5),
        Case("two", {"action": "b", "context": {"x": 3}, "resource": "r"}, {"allow": True}, file, 6),
    )


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("[]", "1:1: INVALID_SHAPE: [] should be non-empty"),
        ("", "1:1: INVALID_SHAPE: None is not valid under any of the given schemas"),
        ("defaults: {}\ncases: []", "2:8: INVALID_SHAPE at /cases: [] should be non-empty"),
        ("- {name: a, request: {}, expect: {}}", "1:34: INVALID_SHAPE at /0/expect: {} should be non-empty"),
        ("- {name: a, request: {}}", "1:3: INVALID_SHAPE at /0: 'expect' is a required property"),
        ("- {name: a, request: [], expect: {a: 1}}", "1:22: INVALID_SHAPE at /0/request: [] is not of type 'object'"),
        (
            "- name: a\n  name: b",
            "2:3: OPA_IAM_DUPLICATE_MEMBER at /0/name: the key 'name' stands twice in one object (GRAM-5)",
        ),
    ],
)
def test_what_is_no_case_file_is_placed(
    write: Callable[[str, str], str], refused: Refused, text: str, finding: str
) -> None:
    file = write("a.yaml", text)
    (found,) = refused(cases.read, file)
    assert str(found) == f"{file}:{finding}"


def run(engine: LocalOpa, expect: dict[str, Any], **request: object) -> cases.Result:
    return cases.run(engine, Case("a case", {**REQUEST, **request}, expect, "f", 1))


@pytest.mark.parametrize(
    "expect",
    [
        {"allow": True},
        {"decision": "allowed", "errors": [], "warnings": []},
        {"matched_statements": [{"sid": "Read"}]},
        {"matched_statements": [{}]},
        {"matched_statements": [{"sid": "Read", "effect": "Allow", "index": 1, "policy": "identity[0]"}]},
    ],
)
def test_a_case_expects_any_part_of_the_decision(engine: LocalOpa, expect: dict[str, Any]) -> None:
    result = run(engine, expect)
    assert (result.passed, result.differences) == (True, ())
    assert result.decision["matched_statements"][0]["sid"] == "Read"


@pytest.mark.parametrize(
    ("expect", "differences"),
    [
        ({"allow": False}, ["/allow: expected False, got True"]),
        ({"allow": 1}, ["/allow: expected 1, got True"]),
        ({"allow": "true"}, ["/allow: expected 'true', got True"]),
        ({"allow": None}, ["/allow: expected None, got True"]),
        ({"matched_statements": [{"index": True}]}, ["/matched_statements/0/index: expected True, got 1"]),
        ({"errors": [{}]}, ["/errors: expected [{}], got []"]),
        ({"errors": {}}, ["/errors: expected {}, got []"]),
        ({"allowed": True}, ["/allowed: expected True, but the decision has no such field"]),
        (
            {"matched_statements": [{"a/b~": 1, "sid": "Write"}], "decision": "denied"},
            [
                "/matched_statements/0/a~1b~0: expected 1, but the decision has no such field",
                "/matched_statements/0/sid: expected 'Write', got 'Read'",
                "/decision: expected 'denied', got 'allowed'",
            ],
        ),
    ],
)
def test_every_difference_is_told_with_its_place(
    engine: LocalOpa, expect: dict[str, Any], differences: list[str]
) -> None:
    result = run(engine, expect)
    assert (result.passed, list(result.differences)) == (False, differences)


@pytest.mark.parametrize("expected", [[], [{"sid": "Read"}, {"sid": "Read"}]])
def test_a_list_must_have_the_very_number_of_items(engine: LocalOpa, expected: list[dict[str, str]]) -> None:
    result = run(engine, {"matched_statements": expected})
    (difference,) = result.differences
    actual = result.decision["matched_statements"]
    assert difference == f"/matched_statements: expected {expected!r}, got {actual!r}"


def test_a_number_is_equal_in_whatever_way_it_is_written(engine: LocalOpa) -> None:
    assert run(engine, {"matched_statements": [{"index": 1.0}]}).passed
    assert not run(engine, {"matched_statements": [{"index": "1"}]}).passed
