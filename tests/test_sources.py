"""Decisions from every kind of source, and that no source's content is left out in silence."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from opa_iam import cases, compiler, decisions, library, organization, organization_export, project
from opa_iam.engines import open_engine

if TYPE_CHECKING:
    from opa_iam.engines import LocalOpa

SOURCES = Path(__file__).parent / "sources"
EXAMPLE = library.root() / "examples" / "organization"
ACCOUNT = "arn:aws:iam::111122223333:"
LINKED = f"{ACCOUNT}role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport"
DOCUMENTATION = (library.root() / "docs" / "sources.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["opa", "wasm"])
@pytest.mark.parametrize("folder", [SOURCES, EXAMPLE], ids=["sources", "example"])
def test_the_cases_of_a_project_of_exports(folder: Path, name: str) -> None:
    with open_engine(name, str(folder)) as opened:
        results = [cases.run(opened, case) for case in cases.read(str(folder / "cases.yaml"))]
    assert [f"{result.case.name}: {result.differences}" for result in results if not result.passed] == []


@pytest.fixture(scope="module")
def compiled() -> compiler.Data:
    """The data of the project of exports."""
    return compiler.compile_project(project.read(SOURCES / "bundle.yaml"))


def test_the_principals_of_an_export(compiled: compiler.Data) -> None:
    assert compiled["account"]["principals"] == {
        f"{ACCOUNT}user/Ben": {"policies": [f"{ACCOUNT}policy/team/ReadTables"]},
        f"{ACCOUNT}user/staff/Ana": {
            "permissions_boundary": f"{ACCOUNT}policy/team/Capping",
            "policies": [
                "arn:aws:iam::aws:policy/ReadOnlyAccess",
                f"{ACCOUNT}user/staff/Ana#Own",
                f"{ACCOUNT}group/Team#Queues",
            ],
            "tags": {"team": "blue"},
            "unique_id": "AIDAANAEXAMPLEANA001",
        },
        f"{ACCOUNT}role/Build": {"policies": [], "unique_id": "AROABUILDEXAMPLE0001"},
        LINKED: {
            "policies": ["arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy"],
            "unique_id": "AROASUPPORTEXAMPLE01",
        },
    }


def test_every_policy_is_compiled_as_its_type(compiled: compiler.Data) -> None:
    control = "arn:aws:organizations::444455556666:policy/o-a1b2c3d4e5/{0}_policy/p-example{1}1"
    assert {name: policy.get("policy_type") for name, policy in compiled["policies"].items()} == {
        f"{ACCOUNT}policy/team/Capping": None,
        f"{ACCOUNT}policy/team/Capping@2024-02-01": "superseded",
        f"{ACCOUNT}policy/team/ReadTables": None,
        f"{ACCOUNT}group/Team#Queues": None,
        f"{ACCOUNT}user/staff/Ana#Own": None,
        "arn:aws:iam::aws:policy/ReadOnlyAccess": None,
        "arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy": None,
        f"{ACCOUNT}role/Build": "role_trust",
        LINKED: "role_trust",
        "arn:aws:kms:eu-west-1:111122223333:key/k": "resource",
        "arn:aws:lambda:eu-west-1:111122223333:function:resize": "resource",
        "arn:aws:s3:::builds": "resource",
        "arn:aws:s3:::reports": "resource",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1b2c3": "resource",
        "arn:aws:sqs:eu-west-1:111122223333:jobs": "resource",
        control.format("service_control", "scp"): "service_control",
        control.format("resource_control", "rcp"): "resource_control",
    }


def test_a_managed_policys_versions(compiled: compiler.Data) -> None:
    """MGD-4: of a day the last version made; none made after the default one."""
    policy = compiled["policies"][f"{ACCOUNT}policy/team/Capping"]
    (earlier,) = policy["earlier"]
    assert [policy["created"], policy["recorded"], policy["since"]] == ["2023-01-01", "2024-02-01", "2025-01-01"]
    assert (earlier["since"], earlier["until"]) == ("2024-02-01", "2025-01-01")
    assert earlier["policy"] == f"{ACCOUNT}policy/team/Capping@2024-02-01"
    assert compiled["policies"][earlier["policy"]]["actions"]["Allow"] == {"s3": {"always": {"*": "000001"}}}
    assert sorted(policy["actions"]["Allow"]) == ["s3", "sqs", "sts"]


def test_owners_of_what_has_no_account_in_its_arn(compiled: compiler.Data) -> None:
    owners = {name: resource.get("account") for name, resource in compiled["account"]["resources"].items()}
    assert {name: owner for name, owner in owners.items() if owner} == {
        "arn:aws:s3:::builds": "111122223333",
        "arn:aws:s3:::reports": "111122223333",
    }
    assert len(owners) == 6


def test_an_organization_is_the_same_from_a_file_and_from_an_export(compiled: compiler.Data) -> None:
    file = organization.read(str(SOURCES / "organization.yaml"))
    export = organization_export.read(str(SOURCES / "organization"))
    assert file.compiled == export.compiled == compiled["organization"]
    assert {policy.arn: policy.source.at(policy.path) for policy in file.policies} == {
        policy.arn: policy.source.at(policy.path) for policy in export.policies
    }
    path = "o-a1b2c3d4e5/r-a1b2/ou-a1b2-workloads1/"
    member, management = (file.compiled["accounts"][account] for account in ("111122223333", "444455556666"))
    assert (member["management"], member["paths"]) == (False, [path])
    assert [level["id"] for level in member["levels"]] == ["r-a1b2", "ou-a1b2-workloads1", "111122223333"]
    assert (management["management"], management["paths"]) == (True, ["o-a1b2c3d4e5/r-a1b2/"])


def test_every_file_counts(compiled: compiler.Data) -> None:
    """A cached bundle is told by the files that it is from."""
    read = {Path(file).relative_to(SOURCES).as_posix() for file in project.read(SOURCES / "bundle.yaml").files}
    on_disk = {file.relative_to(SOURCES).as_posix() for file in SOURCES.rglob("*") if file.is_file()}
    assert compiled["policies"]
    assert on_disk - read == {"cases.yaml", "organization.yaml"}


@pytest.mark.parametrize("folder", [SOURCES, library.root() / "examples" / "organization", library.root()])
def test_the_files_are_found_without_reading_them(folder: Path) -> None:
    found = project.sources(folder / "bundle.yaml")
    source = project.read(folder / "bundle.yaml")
    assert (found.name, set(found.files)) == (source.name, set(source.files))


def test_what_is_without_effect_is_a_warning() -> None:
    (warning,) = project.read(SOURCES / "bundle.yaml").warnings
    assert (warning.code, warning.path) == ("VERSION_NOT_IN_EFFECT", "/Policies/0/PolicyVersionList/0")
    assert warning.message == "v4 is without effect: v3 is the default (MGD-4)"


def exporting() -> Any:  # noqa: ANN401
    """The policy with which docs/sources.md lets somebody export."""
    (block,) = re.findall(r"^```json\n(.*?)^```$", DOCUMENTATION, re.DOTALL | re.MULTILINE)
    return json.loads(block)


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("iam:GetAccountAuthorizationDetails", True),
        ("organizations:ListRoots", True),
        ("organizations:ListOrganizationalUnitsForParent", True),
        ("organizations:ListAccountsForParent", True),
        ("organizations:ListPoliciesForTarget", True),
        ("organizations:DescribePolicy", True),
        ("s3:GetBucketPolicy", True),
        ("kms:GetKeyPolicy", True),
        ("sqs:GetQueueAttributes", True),
        ("secretsmanager:GetResourcePolicy", True),
        ("lambda:GetPolicy", True),
        ("iam:CreateUser", False),
        ("s3:GetObject", False),
        ("secretsmanager:GetSecretValue", False),
        ("kms:Decrypt", False),
        ("sqs:ReceiveMessage", False),
        ("organizations:LeaveOrganization", False),
        ("lambda:InvokeFunction", False),
    ],
)
def test_the_documented_policy_lets_export_and_no_more(engine: LocalOpa, *, action: str, allowed: bool) -> None:
    request = {"principal": f"{ACCOUNT}role/Export", "action": action, "policies": {"identity": [exporting()]}}
    if action.startswith("kms:"):
        key = "arn:aws:kms:eu-west-1:111122223333:key/k"
        trust = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}
        request = {**request, "resource": key}
        request["policies"] = {"identity": [exporting()], "resource": {"Statement": trust}}
    assert decisions.allow(engine, request) is allowed


def test_the_documented_policy_names_what_the_documented_calls_need() -> None:
    """Every `aws` call in the page is one of the policy's actions."""
    names = {"s3api": "s3"}
    calls = re.findall(r"aws (\w+) ((?:get|list|describe)-[a-z-]+)", DOCUMENTATION)
    needed = {f"{names.get(service, service)}:{call.title().replace('-', '')}" for service, call in calls}
    granted = {action for statement in exporting()["Statement"] for action in statement["Action"]}
    assert needed == granted
