from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from opa_iam import account_export, compiler, project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opa_iam.errors import Finding

    Refused = Callable[..., tuple[Finding, ...]]

PREFIX = "arn:aws:iam::111122223333:"
DOCUMENT = {"Statement": [{"Effect": "Allow", "Action": "s3:Get%", "Resource": "*"}]}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """A function that writes an export and returns its name."""

    def write_json(name: str = "page.json", **members: object) -> str:
        (tmp_path / name).write_text(json.dumps(members, indent=1), "utf-8")
        return str(tmp_path / name)

    return write_json


def role(**members: object) -> dict[str, Any]:
    return {"Arn": f"{PREFIX}role/R", "AssumeRolePolicyDocument": DOCUMENT, **members}


@pytest.mark.parametrize(
    "text",
    [DOCUMENT, json.dumps(DOCUMENT), quote(json.dumps(DOCUMENT)), quote(json.dumps(DOCUMENT), safe=""), quote("\n{}")],
)
def test_a_document_is_an_object_or_a_text_encoded_or_not(write: Callable[..., str], text: object) -> None:
    page = account_export.read(write(RoleDetailList=[role(AssumeRolePolicyDocument=text)]))
    (entity,) = page.entities
    assert entity.trust_policy == "/RoleDetailList/0/AssumeRolePolicyDocument"
    assert page.source.at(entity.trust_policy) in (DOCUMENT, {})


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("{", "JSON_SYNTAX_ERROR at {path}: line 1, column 2 of the text: Expecting property name enclosed in"),
        ('{"Id": 1,\n "Id": 2}', "OPA_IAM_DUPLICATE_MEMBER at {path}/Id: line 2, column 2 of the text: the key"),
    ],
)
def test_a_text_that_is_no_json_is_placed(write: Callable[..., str], refused: Refused, text: str, finding: str) -> None:
    file = write(RoleDetailList=[role(AssumeRolePolicyDocument=text)])
    (found,) = refused(account_export.read, file)
    expected = finding.format(path="/RoleDetailList/0/AssumeRolePolicyDocument")
    assert str(found).startswith(f"{file}:5:32: {expected}")


@pytest.mark.parametrize(
    ("members", "findings"),
    [
        ({}, ["INVALID_SHAPE "]),
        ({"RoleDetailList": [{"Arn": f"{PREFIX}role/R"}]}, ["INVALID_SHAPE /RoleDetailList/0"]),
        ({"UserDetailList": [{"Arn": f"{PREFIX}role/R"}]}, ["INVALID_SHAPE /UserDetailList/0/Arn"]),
        (
            {"Policies": [{"Arn": f"{PREFIX}policy/P", "PolicyVersionList": []}]},
            ["INVALID_SHAPE /Policies/0/PolicyVersionList"] * 2,
        ),
    ],
)
def test_what_is_no_export(
    write: Callable[..., str], refused: Refused, members: dict[str, object], findings: list[str]
) -> None:
    found = refused(account_export.read, write(**members))
    assert [f"{finding.code} {finding.path}" for finding in found] == findings


def test_a_member_that_nobody_knows_is_a_warning(write: Callable[..., str]) -> None:
    page = account_export.read(write(RoleDetailList=[role(SessionLimit=3)], Future=1))
    assert [f"{warning.code} {warning.path}" for warning in page.warnings] == [
        "UNKNOWN_MEMBER /Future",
        "UNKNOWN_MEMBER /RoleDetailList/0/SessionLimit",
    ]


@pytest.mark.parametrize("ending", [{"IsTruncated": True, "Marker": "m"}, {"NextToken": "t"}])
def test_an_export_without_its_last_page_is_a_finding(
    write: Callable[..., str], make_project: Callable[..., Path], refused: Refused, ending: dict[str, object]
) -> None:
    file = make_project({"name": "p", "account_exports": ["*.json"]})
    write("1.json", UserDetailList=[], **ending)
    (finding,) = refused(project.read, file)
    assert (finding.code, finding.file) == ("INCOMPLETE_EXPORT", str(file.parent / "1.json"))
    write("2.json", GroupDetailList=[])
    assert project.read(file).entities == ()


def test_what_an_export_refers_to_and_no_source_has_is_a_finding(
    write: Callable[..., str], make_project: Callable[..., Path], refused: Refused
) -> None:
    lost = f"{PREFIX}policy/Lost"
    user = {
        "Arn": f"{PREFIX}user/U",
        "GroupList": ["Nobody"],
        "AttachedManagedPolicies": [{"PolicyName": "Lost", "PolicyArn": lost}],
        "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": lost},
        "Tags": [{"Key": "team", "Value": "a"}, {"Key": "Team", "Value": "b"}],
    }
    inline = [{"PolicyName": "I", "PolicyDocument": {"Statement": [{"Effect": "Permit"}]}}]
    file = make_project({"name": "p", "account_exports": ["*.json"]})
    trust = {"Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}}
    roles = [role(AssumeRolePolicyDocument=trust, **more) for more in ({"RolePolicyList": inline}, {})]
    write(UserDetailList=[user], RoleDetailList=roles)
    found = refused(compiler.compile_project, project.read(file))
    assert {finding.file for finding in found} == {str(file.parent / "page.json")}
    assert sorted({f"{finding.code} {finding.path}" for finding in found}) == [
        "DUPLICATE_NAME /RoleDetailList/1/Arn",
        "DUPLICATE_TAG_KEY /UserDetailList/0/Tags/1/Key",
        "INVALID_EFFECT /RoleDetailList/0/RolePolicyList/0/PolicyDocument/Statement/0/Effect",
        "MISSING_ACTION /RoleDetailList/0/RolePolicyList/0/PolicyDocument/Statement/0",
        "MISSING_RESOURCE /RoleDetailList/0/RolePolicyList/0/PolicyDocument/Statement/0",
        "UNKNOWN_GROUP /UserDetailList/0/GroupList/0",
        "UNKNOWN_POLICY /UserDetailList/0/AttachedManagedPolicies/0/PolicyArn",
        "UNKNOWN_POLICY /UserDetailList/0/PermissionsBoundary/PermissionsBoundaryArn",
    ]
