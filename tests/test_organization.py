from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from opa_iam import organization, organization_export, project
from opa_iam.organization import Level, Member

if TYPE_CHECKING:
    from collections.abc import Callable

    from opa_iam.errors import Finding

    Refused = Callable[..., tuple[Finding, ...]]
    Marked = Callable[[str], tuple[str, list[tuple[int, int]]]]

EXPORT = Path(__file__).parent / "sources" / "organization"
UNIT = "ou-a1b2-workloads1"
HEAD = 'id: o-a1b2c3d4e5\nmanagement_account: "111122223333"\n'
FULL = {
    "service_control": ("arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",),
    "resource_control": ("arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess",),
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], str]:
    """A function that writes an organization's file and returns its name."""

    def write_text(text: str) -> str:
        (tmp_path / "organization.yaml").write_text(text, "utf-8")
        return str(tmp_path / "organization.yaml")

    return write_text


def test_aws_own_policy_is_attached_where_nothing_is_said(write: Callable[[str], str]) -> None:
    """SCP-8, RCP-2"""
    found = organization.read(write(f'{HEAD}roots: [{{id: r-a1b2, accounts: [{{id: "111122223333"}}]}}]\n'))
    assert found.members == (Member("111122223333", (Level("r-a1b2", FULL), Level("111122223333", FULL))),)


def test_an_empty_list_is_one(write: Callable[[str], str]) -> None:
    """SCP-2"""
    root = '{id: r-a1b2, service_control_policies: [], accounts: [{id: "111122223333"}]}'
    (member,) = organization.read(write(f"{HEAD}roots: [{root}]\n")).members
    assert member.levels[0].policies == {**FULL, "service_control": ()}


def test_a_policys_arn(write: Callable[[str], str]) -> None:
    root = '{id: r-a1b2, service_control_policies: [Mine], accounts: [{id: "111122223333"}]}'
    text = f"{HEAD}partition: aws-us-gov\nservice_control_policies: {{Mine: {{}}}}\nroots: [{root}]\n"
    found = organization.read(write(text))
    arn = "arn:aws-us-gov:organizations::111122223333:policy/o-a1b2c3d4e5/service_control_policy/Mine"
    assert [policy.arn for policy in found.policies] == [arn]
    assert found.members[0].levels[0].policies["service_control"] == (arn,)


@pytest.mark.parametrize(
    ("roots", "findings"),
    [
        ("»[]", ["INVALID_SHAPE /roots"]),
        ("[{id: »root}]", ["INVALID_SHAPE /roots/0/id"]),
        (
            '[{id: r-a1b2, accounts: [{id: "111122223333"}, {id: »"111122223333"}]}]',
            ["DUPLICATE_ID /roots/0/accounts/1/id"],
        ),
        (
            '[{id: r-a1b2, service_control_policies: [»FullAWSAcces], accounts: [{id: "111122223333"}]}]',
            ["UNKNOWN_POLICY /roots/0/service_control_policies/0"],
        ),
        (
            '[{id: r-a1b2, accounts: [{id: "111122223333", resource_control_policies: [»FullAWSAccess]}]}]',
            ["UNKNOWN_POLICY /roots/0/accounts/0/resource_control_policies/0"],
        ),
    ],
)
def test_what_is_wrong_is_placed(
    write: Callable[[str], str], refused: Refused, marked: Marked, roots: str, findings: list[str]
) -> None:
    text, places = marked(f"{HEAD}roots: {roots}\n")
    found = refused(organization.read, write(text))
    assert [f"{finding.code} {finding.path}" for finding in found] == findings
    assert [(finding.line, finding.column) for finding in found] == places


def test_a_policy_that_is_near_is_named(write: Callable[[str], str], refused: Refused) -> None:
    root = '{id: r-a1b2, service_control_policies: [FullAWSAcces], accounts: [{id: "111122223333"}]}'
    (finding,) = refused(organization.read, write(f"{HEAD}roots: [{root}]\n"))
    assert finding.message == "no policy of service_control_policies is named FullAWSAcces; is FullAWSAccess meant?"


def test_the_management_account_is_one_of_the_accounts(write: Callable[[str], str], refused: Refused) -> None:
    (finding,) = refused(organization.read, write(f"{HEAD}roots: [{{id: r-a1b2}}]\n"))
    assert (finding.code, finding.path, finding.line) == ("UNKNOWN_ACCOUNT", "/management_account", 2)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A copy of an export, to change."""
    return Path(shutil.copytree(EXPORT, tmp_path / "export"))


def change(file: Path, **members: object) -> None:
    """Set members of a JSON file's object."""
    value: dict[str, Any] = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**value, **members}), "utf-8")


def test_every_missing_file_of_an_export_is_a_finding(export: Path, refused: Refused) -> None:
    for name in ("describe-policy/p-examplescp1.json", f"list-accounts-for-parent/{UNIT}.json"):
        (export / name).unlink()
    found = refused(organization_export.read, str(export))
    assert [(finding.code, Path(finding.file).relative_to(export).as_posix()) for finding in found] == [
        ("NO_SUCH_FILE", "describe-policy/p-examplescp1.json"),
        ("NO_SUCH_FILE", f"list-accounts-for-parent/{UNIT}.json"),
    ]
    (export / "list-roots.json").unlink()
    (finding,) = refused(organization_export.read, str(export))
    assert finding.message == "the export needs what list-roots printed"


def test_a_page_of_a_list_is_no_list(export: Path, refused: Refused) -> None:
    change(export / f"list-accounts-for-parent/{UNIT}.json", NextToken="t")
    (finding,) = refused(organization_export.read, str(export))
    assert (finding.code, finding.path) == ("INCOMPLETE_EXPORT", "/NextToken")


def test_what_is_no_output_of_the_call_is_a_finding(export: Path, refused: Refused) -> None:
    change(export / f"list-accounts-for-parent/{UNIT}.json", Accounts=[{"Id": "1"}])
    summary = {"Id": "p-examplescp1", "Arn": "a", "Type": "SERVICE_CONTROL_POLICY"}
    change(export / "describe-policy/p-examplescp1.json", Policy={"PolicySummary": summary, "Content": "{"})
    found = refused(organization_export.read, str(export))
    assert [f"{finding.code} {finding.path}" for finding in found] == [
        "JSON_SYNTAX_ERROR /Policy/Content",
        "INVALID_SHAPE /Accounts/0/Id",
    ]


def test_what_an_export_has_and_nobody_uses_is_a_warning(export: Path) -> None:
    change(export / "list-roots.json", Future=1)
    (export / "notes.txt").write_text("x")
    warnings = organization_export.read(str(export)).warnings
    assert [(warning.code, Path(warning.file).name) for warning in warnings] == [
        ("UNKNOWN_MEMBER", "list-roots.json"),
        ("UNUSED_FILE", "notes.txt"),
    ]


def test_policies_of_a_type_that_is_not_enabled_bind_nobody(export: Path) -> None:
    """SCP-2"""
    root = json.loads((export / "list-roots.json").read_text("utf-8"))["Roots"][0]
    kinds = [
        {"Type": "RESOURCE_CONTROL_POLICY", "Status": "ENABLED"},
        {"Type": "SERVICE_CONTROL_POLICY", "Status": "X"},
    ]
    change(export / "list-roots.json", Roots=[{**root, "PolicyTypes": kinds}])
    found = organization_export.read(str(export))
    assert {level.policies["service_control"] for member in found.members for level in member.levels} == {
        FULL["service_control"]
    }
    assert [policy.policy_type for policy in found.policies] == ["resource_control"]


@pytest.mark.parametrize(
    ("place", "code"), [("nowhere", "NO_SUCH_FILE"), ("policies", "NO_SUCH_FILE"), ("bundle.yaml", "UNKNOWN_MEMBER")]
)
def test_an_organization_that_is_none(
    make_project: Callable[..., Path], refused: Refused, place: str, code: str
) -> None:
    file = make_project(yaml.safe_dump({"name": "p", "organization": place}))
    assert code in {finding.code for finding in refused(project.read, file)}
