from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from opa_iam import policies
from opa_iam.errors import Finding
from opa_iam.policies import ManagedPolicy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Refused = Callable[..., tuple[Finding, ...]]

ARN = "arn:aws:iam::aws:policy/Example"
OWN_ARN = "arn:aws:iam::111122223333:policy/team/Example"
LINKED_ARN = "arn:aws:iam::aws:policy/aws-service-role/ExampleServiceRolePolicy"
HISTORY = """\
history:
  - {date: 2021-04-26, change: New policy., document: {Statement: [1]}}
  - {date: 2022-12-16, change: Second., document: {Statement: [2]}}
  - {date: 2024-02-20, change: Third.}
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], str]:
    """A function that writes a policy file and returns its name."""

    def write_text(text: str) -> str:
        file = tmp_path / "policy.yaml"
        file.write_text(text, "utf-8")
        return str(file)

    return write_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"arn: {ARN}\n", (ARN, "Example", False, None, ((None, "/document"),))),
        (
            f"arn: {OWN_ARN}\nattachable_to: user, group, role\nservice: x.amazonaws.com\n",
            (
                OWN_ARN,
                "Example",
                False,
                "x.amazonaws.com",
                ((None, "/document"),),
            ),
        ),
        (
            f"arn: {LINKED_ARN}\nattachable_to: service-linked role\nservice: x.amazonaws.com\n",
            (LINKED_ARN, "ExampleServiceRolePolicy", True, "x.amazonaws.com", ((None, "/document"),)),
        ),
        (
            f"arn: {LINKED_ARN}\nattachable_to: service-linked role\n",
            (LINKED_ARN, "ExampleServiceRolePolicy", True, None, ((None, "/document"),)),
        ),
        (
            f"arn: {ARN}\n{HISTORY}",
            (
                ARN,
                "Example",
                False,
                None,
                (
                    ("2021-04-26", "/history/0/document"),
                    ("2022-12-16", "/history/1/document"),
                    ("2024-02-20", "/document"),
                ),
            ),
        ),
    ],
    ids=["plain", "customer managed", "service-linked", "service-linked, service unknown", "history"],
)
def test_a_policy_file(write: Callable[[str], str], text: str, expected: tuple[object, ...]) -> None:
    file = write(f"{text}document: {{Statement: [3]}}\n")
    policy = policies.read(file)
    assert isinstance(policy, ManagedPolicy)
    versions = tuple((version.since, version.path) for version in policy.versions)
    assert (policy.arn, policy.name, policy.service_linked, policy.service, versions) == expected
    assert {version.source.file for version in policy.versions} == {file}
    assert policy.created == versions[0][0]
    assert policy.source.file == file
    assert policy.present.document == {"Statement": [3]}


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("attachable_to: service-linked role\n", ["2:16 INVALID_ATTACHABILITY /attachable_to"]),
        (HISTORY.replace("2022-12-16", "2021-04-25"), ["4:12 INVALID_HISTORY /history/1/date"]),
        (HISTORY.replace("2022-12-16", "2021-04-26"), ["4:12 INVALID_HISTORY /history/1/date"]),
        (
            HISTORY.replace("2021-04-26", "2025-01-01"),
            ["4:12 INVALID_HISTORY /history/1/date"],
        ),
        (HISTORY.replace(", document: {Statement: [2]}", ""), ["4:5 INVALID_HISTORY /history/1"]),
        (HISTORY.replace("Third.", "Third., document: {}"), ["5:40 INVALID_HISTORY /history/2/document"]),
        (
            f"attachable_to: service-linked role\n{HISTORY}".replace("2022-12-16, change: Second., d", "2020-01-01, d"),
            ["5:5 INVALID_SHAPE /history/1"],
        ),
        (
            """attachable_to: service-linked role
history: [{date: 2021-04-26, change: a}, {date: 2021-04-26, change: b, document: {}}]
""",
            [
                "2:16 INVALID_ATTACHABILITY /attachable_to",
                "3:11 INVALID_HISTORY /history/0",
                "3:49 INVALID_HISTORY /history/1/date",
                "3:72 INVALID_HISTORY /history/1/document",
            ],
        ),
        (HISTORY.replace("2022-12-16", "2022-02-30"), ["4:12 INVALID_SHAPE /history/1/date"]),
        (HISTORY.replace("2022-12-16", "20221216"), ["4:12 INVALID_SHAPE /history/1/date"]),
        ("history: []\n", ["2:10 INVALID_SHAPE /history"]),
        ("attachable_to: role\n", ["2:16 INVALID_SHAPE /attachable_to"]),
        ("Document: {}\n", ["2:1 UNKNOWN_MEMBER /Document"]),
        (
            "permissions: [{service: s3, allow: x}]\n",
            ["2:15 INVALID_SHAPE /permissions/0", "2:29 UNKNOWN_MEMBER /permissions/0/allow"],
        ),
    ],
)
def test_a_policy_file_that_is_wrong(
    write: Callable[[str], str], refused: Refused, text: str, findings: list[str]
) -> None:
    file = write(f"arn: {ARN}\n{text}document: {{}}\n")
    found = refused(policies.read, file)
    assert [f"{finding.line}:{finding.column} {finding.code} {finding.path}" for finding in found] == findings
    assert {finding.file for finding in found} == {file}


def test_a_policy_under_aws_service_role_must_say_that_it_is_one(write: Callable[[str], str], refused: Refused) -> None:
    file = write(f"document: {{}}\narn: {LINKED_ARN}\n")
    (finding,) = refused(policies.read, file)
    message = "service-linked roles' policies, and only those, lie under aws-service-role/ (MGD-3)"
    assert finding == Finding(file, 1, 1, "/attachable_to", "INVALID_ATTACHABILITY", message)


@pytest.mark.parametrize(
    "arn",
    [
        "Example",
        "arn:aws:iam::aws:role/Example",
        "arn:aws:iam:us-east-1:aws:policy/Example",
        "arn:aws:iam::1111:policy/Example",
        "arn:aws:iam::aws:policy/",
        "arn:aws:iam::aws:policy/Exa mple",
        "arn:aws:iam::aws:policy//",
        "'arn:aws:iam::aws:policy/Example\n\n'",
    ],
)
def test_an_arn_that_no_policy_has(write: Callable[[str], str], refused: Refused, arn: str) -> None:
    (finding,) = refused(policies.read, write(f"arn: {arn}\ndocument: {{}}\n"))
    assert (finding.code, finding.line, finding.column, finding.path) == ("INVALID_SHAPE", 1, 6, "/arn")
