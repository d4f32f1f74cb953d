from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from opa_iam import project, resource_policies

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opa_iam.errors import Finding

    Refused = Callable[..., tuple[Finding, ...]]

BUCKET = "arn:aws:s3:::b"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:q"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s"  # noqa: S105 - a name
POLICY = {"Version": "2012-10-17", "Statement": []}
TEXT = json.dumps(POLICY)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[object], str]:
    """A function that writes a JSON file and returns its name."""

    def write_json(value: object) -> str:
        (tmp_path / "r.json").write_text(json.dumps(value), "utf-8")
        return str(tmp_path / "r.json")

    return write_json


@pytest.mark.parametrize(
    ("value", "arn", "expected"),
    [
        ({BUCKET: POLICY, QUEUE: POLICY}, None, [BUCKET, QUEUE]),
        ({"ARN:AWS:S3:::b".lower(): POLICY}, None, [BUCKET]),
        (POLICY, BUCKET, [BUCKET]),
        ({"Policy": TEXT}, BUCKET, [BUCKET]),
        ({"Policy": TEXT, "PolicyName": "default"}, BUCKET, [BUCKET]),
        ({"Policy": TEXT, "RevisionId": "1"}, BUCKET, [BUCKET]),
        ({"Attributes": {"QueueArn": QUEUE, "Policy": TEXT, "DelaySeconds": "0"}}, None, [QUEUE]),
        ({"Attributes": {"Policy": TEXT}}, QUEUE, [QUEUE]),
        ({"ARN": SECRET, "Name": "s", "ResourcePolicy": TEXT}, None, [SECRET]),
        ({"ARN": SECRET, "Name": "s", "ResourcePolicy": TEXT}, SECRET, [SECRET]),
    ],
)
def test_the_forms(write: Callable[[object], str], value: object, arn: str | None, expected: list[str]) -> None:
    found = resource_policies.read(write(value), arn)
    assert [policy.arn for policy in found] == expected
    assert [policy.source.at(policy.path or "") for policy in found] == [POLICY] * len(expected)


@pytest.mark.parametrize(
    "value", [{"Attributes": {"QueueArn": QUEUE}}, {"ARN": QUEUE, "Name": "s"}, {"ARN": QUEUE, "ResourcePolicy": None}]
)
def test_a_resource_without_a_policy(write: Callable[[object], str], value: object) -> None:
    (found,) = resource_policies.read(write(value))
    assert (found.arn, found.path) == (QUEUE, None)


def test_the_account_is_that_of_arns_without_one(write: Callable[[object], str]) -> None:
    found = resource_policies.read(write({BUCKET: POLICY, QUEUE: POLICY}), account="111122223333")
    assert [policy.account for policy in found] == ["111122223333", "111122223333"]


@pytest.mark.parametrize(
    ("value", "arn", "account", "findings"),
    [
        ({}, BUCKET, None, ["INVALID_SHAPE"]),
        ([], BUCKET, None, ["INVALID_SHAPE"]),
        ({"Policy": TEXT, "Else": 1}, BUCKET, None, ["INVALID_SHAPE"]),
        ({"Policy": TEXT}, None, None, ["MISSING_ARN"]),
        ({"Policy": "{"}, BUCKET, None, ["JSON_SYNTAX_ERROR"]),
        (POLICY, None, None, ["MISSING_ARN"]),
        ({BUCKET: POLICY}, QUEUE, None, ["UNEXPECTED_ARN"]),
        ({"ARN": SECRET, "ResourcePolicy": TEXT}, QUEUE, None, ["UNEXPECTED_ARN"]),
        ({"ARN": 7, "ResourcePolicy": TEXT}, None, None, ["INVALID_ARN"]),
        ({BUCKET: POLICY, "bucket": POLICY, "arn:aws": POLICY}, None, None, ["INVALID_ARN", "INVALID_ARN"]),
        ({QUEUE: POLICY}, None, "444455556666", ["OTHER_OWNER"]),
        ({"arn:aws:iam::111122223333:role/R": POLICY}, None, None, ["NO_RESOURCE_POLICY"]),
    ],
)
def test_what_is_wrong(  # noqa: PLR0913, PLR0917
    write: Callable[[object], str],
    refused: Refused,
    value: object,
    arn: str | None,
    account: str | None,
    findings: list[str],
) -> None:
    found = refused(resource_policies.read, write(value), arn, account)
    assert [finding.code for finding in found] == findings


def test_two_policies_of_one_resource_are_a_finding(make_project: Callable[..., Path], refused: Refused) -> None:
    file = make_project(
        {"name": "p", "resource_policies": [{"files": "policies/a.yaml"}, {"files": "policies/b.yaml", "arn": BUCKET}]},
        a={BUCKET: POLICY},
        b={"Policy": TEXT},
    )
    (finding,) = refused(project.read, file)
    folder = file.parent / "policies"
    assert (finding.code, finding.file) == ("DUPLICATE_RESOURCE", str(folder / "b.yaml"))
    assert finding.message == f"{folder / 'a.yaml'} tells of {BUCKET} as well"
