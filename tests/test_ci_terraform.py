"""Plans of several versions of Terraform and of the AWS provider, as Conftest judges them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import gate
from opa_iam import documents

FOLDER = Path(__file__).parent / "ci" / "plans"
EXPECTED = documents.read(str(FOLDER.with_suffix(".yaml"))).value
ROLES = 67  # with a policy and an attachment each, two hundred resources
PADDING = 20_000_000


@pytest.fixture(scope="module")
def found() -> dict[str, list[gate.Finding]]:
    """What Conftest finds in each plan."""
    files = map(str, sorted(FOLDER.glob("*.json")))
    return {Path(one["filename"]).stem: gate.told([one]) for one in gate.conftest(*files, namespace="iam.ci.terraform")}


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.json")))
def test_plan(name: str, found: dict[str, list[gate.Finding]]) -> None:
    told = [[finding["rule"], finding["address"], finding["verdict"]] for finding in found[name]]
    assert sorted(told) == sorted(EXPECTED[name])


def test_what_is_sensitive_is_judged_and_not_printed(found: dict[str, list[gate.Finding]]) -> None:
    told = found["terraform-1.9-provider-5"]
    assert any(finding["address"] == "aws_iam_role_policy.secret" for finding in told)
    assert "hush" not in json.dumps(told)


def _instance(number: int) -> dict[str, Any]:
    values = {"ami": f"ami-{number:08}", "user_data": "x" * 1800, "tags": {f"k{tag}": "v" for tag in range(20)}}
    return gate.resource("aws_instance", f"i{number}", None, values)


def _role(number: int) -> list[dict[str, Any]]:
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = f"arn:aws:iam::111122223333:policy/p{number}"
    policy = {"arn": arn, "name": f"p{number}", "policy": gate.policy("s3:GetObject", "s3:PutObject")}
    role = {"name": f"r{number}", "path": "/", "assume_role_policy": document}
    attached = {"role": f"r{number}", "policy_arn": arn}
    return [
        gate.resource("aws_iam_policy", f"p{number}", None, policy),
        gate.resource("aws_iam_role", f"r{number}", None, role),
        gate.resource("aws_iam_role_policy_attachment", f"a{number}", None, attached),
    ]


def test_a_huge_plan_is_judged(tmp_path: Path) -> None:
    iam = [change for number in range(ROLES) for change in _role(number)]
    admin = {"role": "r0", "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    last = gate.resource("aws_iam_role_policy_attachment", "admin", None, admin)
    count = PADDING // len(json.dumps(_instance(0)))
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(gate.plan(*iam, *map(_instance, range(count)), last)))
    assert file.stat().st_size > PADDING
    told = gate.told(gate.conftest(str(file), namespace="iam.ci.terraform"))
    refused = [[finding["rule"], finding["address"]] for finding in told if finding["verdict"] == "deny"]
    assert refused == [["FULL_ADMIN", "aws_iam_role.r0"]]


@pytest.mark.parametrize("text", ['{"format_version": "1.2", ', "a: [", ""])
def test_what_can_not_be_read_is_never_green(text: str, tmp_path: Path) -> None:
    file = tmp_path / ("plan.yaml" if text.startswith("a:") else "plan.json")
    file.write_text(text)
    ran = gate.run_conftest(str(file), "--namespace=iam.ci")
    assert ran.returncode != 0
