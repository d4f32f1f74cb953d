from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from opa_iam import cases, decisions, report
from opa_iam.cases import Case
from opa_iam.decisions import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.table import Table

    from opa_iam.cases import Result
    from opa_iam.decisions import Decision
    from opa_iam.engines import LocalOpa

USER = "arn:aws:iam::111122223333:user/Ana"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Read",
            "Effect": "Allow",
            "Action": "s3:Get*",
            "Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::c/*"],
            "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}},
        },
        {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::*/secret"},
        {"Effect": "Allow", "Action": "iam:*", "Resource": "*"},
    ],
}
OBJECT = {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "resource_account": "111122223333"}
REGION = {"aws:RequestedRegion": "eu-west-1"}
UNMET = "  Read of identity[0] does not apply:"
WANTED = "StringEquals wants eu-west-1 or eu-central-1"
ELSEWHERE = "the resource is arn:aws:s3:::d/k, Resource is arn:aws:s3:::b/* or arn:aws:s3:::c/*"
NAMED = 'Principal is {"AWS": "444455556666"}'
RESOLVER = "arn:aws:iam::aws:policy/AWSIncidentManagerResolverAccess"


@pytest.fixture
def decide(engine: LocalOpa) -> Callable[..., Decision]:
    """A function that decides a request of Ana's, who has the policy above."""

    def ask(**request: object) -> Decision:
        return decisions.decide(engine, {"principal": USER, "policies": {"identity": [POLICY]}, **request})

    return ask


@pytest.mark.parametrize(
    ("request_fields", "lines"),
    [
        ({**OBJECT, "context": REGION}, ["allowed", "  allowed by Read of identity[0]"]),
        (
            {**OBJECT, "resource": "arn:aws:s3:::b/secret", "context": REGION},
            ["explicitDeny", "  denied by statement 2 of identity[0]", "  allowed by Read of identity[0]"],
        ),
        (
            OBJECT,
            [
                "implicitDeny",
                f"{UNMET} aws:RequestedRegion is absent, {WANTED}",
                "  keys that the request does not give: aws:RequestedRegion",
            ],
        ),
        (
            {**OBJECT, "resource": "arn:aws:s3:::d/k", "context": {"aws:RequestedRegion": '"a" é'}},
            [
                "implicitDeny",
                rf"{UNMET} {ELSEWHERE}; aws:RequestedRegion is \"a\" é, {WANTED}",
            ],
        ),
        (
            {**OBJECT, "context": {"aws:RequestedRegion": '"\n'}},
            [
                "implicitDeny",
                rf"{UNMET} aws:RequestedRegion is \"\n, {WANTED}",
            ],
        ),
        (
            {"action": "ec2:RunInstances"},
            ["implicitDeny", "  no identity policy allows it"],
        ),
        (
            {
                "action": "iam:ListUsers",
                "policies": {
                    "identity": [POLICY],
                    "permissions_boundary": [{"Statement": []}],
                    "service_control": [{"id": "r-1", "policies": ["FullAWSAccess"]}, {"id": "ou-1", "policies": []}],
                },
            },
            [
                "implicitDeny",
                "  stopped by service control, permissions boundary, else allowed",
                "  allowed by statement 1 of FullAWSAccess (service control of r-1)",
                "  allowed by statement 3 of identity[0]",
                "  no service control policy of ou-1 allows it",
                "  no permissions boundary policy allows it",
            ],
        ),
        (
            {
                "action": "kms:Decrypt",
                "resource": "arn:aws:kms:eu-west-1:111122223333:key/1",
                "policies": {
                    "resource": {
                        "Statement": {
                            "Effect": "Allow",
                            "Principal": {"AWS": "444455556666"},
                            "Action": "kms:*",
                            "Resource": "*",
                        }
                    }
                },
            },
            [
                "implicitDeny",
                f"  statement 1 of resource does not apply: the caller is {USER}, {NAMED}",
                "  no identity policy allows it",
            ],
        ),
        (
            {"action": "kms:Decrypt", "resource": "arn:aws:kms:eu-west-1:111122223333:key/1", "policies": {}},
            [
                "implicitDeny",
                "  no resource policy allows it",
                "  no identity policy allows it",
                "  the request does not give key_policy: assumed is a key policy that grants nothing (KMS-1)",
            ],
        ),
        (
            {"action": "iam:DeletePolicy", "resource": RESOLVER},
            [
                "implicitDeny",
                "  nobody but AWS can change an AWS managed policy (IAM-1)",
                "  allowed by statement 3 of identity[0]",
            ],
        ),
        (
            {"action": "ssm-incidents:StartIncident", "policies": {"identity": [RESOLVER]}},
            ["allowed", "  allowed by StartIncidentPermissions of AWSIncidentManagerResolverAccess"],
        ),
        (
            {"action": "ec2:RunInstances", "policies": {"identity": ["Nobody", {"Statement": []}]}},
            [
                "implicitDeny",
                "  error at /policies/identity/0: no compiled policy has the name or ARN Nobody",
            ],
        ),
        (
            {
                "action": "sqs:ListQueues",
                "policies": {
                    "identity": [
                        {"Statement": [{"Sid": "a-b", "Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"}]}
                    ]
                },
            },
            [
                "allowed",
                "  allowed by a-b of identity[0]",
                "  'a-b' has characters other than A-Z, a-z and 0-9 (GRAM-15)",
            ],
        ),
    ],
)
def test_a_decision_in_words(decide: Callable[..., Decision], request_fields: dict[str, Any], lines: list[str]) -> None:
    assert list(report.explanation(decide(**request_fields))) == lines


def shown(table: Table, width: int = 100) -> list[str]:
    """The lines of a table on a terminal of a width, without colours and without the blanks at their ends."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    with console.capture() as captured:
        console.print(table)
    return [line.rstrip() for line in captured.get().splitlines()]


def test_a_table_of_decisions_has_each_ones_first_reason(decide: Callable[..., Decision]) -> None:
    values = [
        {"principal": USER, **OBJECT, "context": REGION},
        {"principal": {"arn": USER}, "action": "ec2:[bold]Run"},
        ["no request"],
    ]
    made = [decide(**OBJECT, context=REGION), decide(action="ec2:Run"), decide(action="ec2:Run")]
    assert shown(report.decisions_table([Request(value) for value in values], made)) == [
        "decision      request",
        "allowed       s3:GetObject on arn:aws:s3:::b/k by user/Ana",
        "              allowed by Read of identity[0]",
        "implicitDeny  ec2:[bold]Run on * by user/Ana",
        "              no identity policy allows it",
        'implicitDeny  ["no request"]',
        "              no identity policy allows it",
    ]


@pytest.fixture
def results(engine: LocalOpa) -> list[Result]:
    """A case that passes, one that does not and bears odd characters, and one of another file."""
    request = {"principal": USER, "policies": {"identity": [POLICY]}, **OBJECT}
    odd = {**request, "context": {"aws:RequestedRegion": "\x00<&]]>"}}
    made = [
        Case("it is so", {**request, "context": REGION}, {"allow": True}, "a.iam.yaml", 3),
        Case('<it> [bold]is"&\x1b\ufffe so', odd, {"allow": True, "errors": [1]}, "a.iam.yaml", 9),
        Case("in a second file", request, {"decision": "implicitDeny"}, "b.iam.yaml", 1),
    ]
    return [cases.run(engine, case) for case in made]


def test_a_table_of_results(results: list[Result]) -> None:
    def lines(*, explain: bool) -> list[str]:
        return [line.replace("\x1b\ufffe", "") for line in shown(report.results_table(results[:2], explain=explain))]

    failing = [
        '✗  implicitDeny  <it> [bold]is"& so',
        "                 /allow: expected True, got False",
        "                 /errors: expected [1], got []",
    ]
    assert lines(explain=False) == ["   decision      case", "✓  allowed       it is so", "", *failing]
    assert lines(explain=True) == [
        "   decision      case",
        "✓  allowed       it is so",
        "                 allowed by Read of identity[0]",
        *failing,
        "                 Read of identity[0] does not apply: aws:RequestedRegion is \\u0000<&]]>,",
        f"                 {WANTED}",
    ]


def test_results_as_json(results: list[Result]) -> None:
    first, second, third = results
    assert report.results_json(results) == {
        "results": [
            {
                "name": "it is so",
                "passed": True,
                "expect": {"allow": True},
                "decision": first.decision,
                "differences": [],
                "file": "a.iam.yaml",
                "line": 3,
            },
            {
                "name": second.case.name,
                "passed": False,
                "expect": {"allow": True, "errors": [1]},
                "decision": second.decision,
                "differences": ["/allow: expected True, got False", "/errors: expected [1], got []"],
                "file": "a.iam.yaml",
                "line": 9,
            },
            {
                "name": "in a second file",
                "passed": True,
                "expect": {"decision": "implicitDeny"},
                "decision": third.decision,
                "differences": [],
                "file": "b.iam.yaml",
                "line": 1,
            },
        ],
        "passed": 2,
        "failed": 1,
    }
    text = report.to_json(report.results_json(results))
    assert "\n" not in text
    assert json.loads(text) == report.results_json(results)


def test_json_keeps_letters_as_they_are() -> None:
    assert report.to_json({"é": [None, True]}) == '{"é": [null, true]}'


def test_results_as_junit(results: list[Result]) -> None:
    suites = ET.fromstring(report.results_junit(results))  # noqa: S314 - our own
    assert [(suite.tag, suite.attrib) for suite in suites] == [
        ("testsuite", {"name": "a.iam.yaml", "tests": "2", "failures": "1"}),
        ("testsuite", {"name": "b.iam.yaml", "tests": "1", "failures": "0"}),
    ]
    odd = '<it> [bold]is"&\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER} so'
    assert [case.attrib for suite in suites for case in suite] == [
        {"classname": "a.iam.yaml", "name": "it is so", "file": "a.iam.yaml", "line": "3"},
        {"classname": "a.iam.yaml", "name": odd, "file": "a.iam.yaml", "line": "9"},
        {"classname": "b.iam.yaml", "name": "in a second file", "file": "b.iam.yaml", "line": "1"},
    ]
    (failure,) = suites.iter("failure")
    assert failure.attrib == {"message": "/allow: expected True, got False"}
    assert (failure.text or "").splitlines() == [
        "/allow: expected True, got False",
        "/errors: expected [1], got []",
        "implicitDeny",
        rf"{UNMET} aws:RequestedRegion is \u0000<&]]>, {WANTED}",
    ]


def test_no_results_are_a_report_as_well() -> None:
    assert report.results_json([]) == {"results": [], "passed": 0, "failed": 0}
    assert list(ET.fromstring(report.results_junit([]))) == []  # noqa: S314 - our own
