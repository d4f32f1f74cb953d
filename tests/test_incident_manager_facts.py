"""Every fact of AWS's page on Incident Manager's managed policies holds: in the sources, and in what is decided."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from opa_iam import compiler, decisions, documents, policies, project
from opa_iam.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from opa_iam.engines import LocalOpa
    from opa_iam.policies import ManagedPolicy
    from opa_iam.project import Project

FACTS = documents.read(str(Path(__file__).parent / "facts" / "incident_manager.yaml")).value
NAMES = sorted(FACTS["policies"])
UPDATES = FACTS["updates"]
ADDITIONS = [update for update in UPDATES if "adds" in update]

SERVICE = "ssm-incidents.amazonaws.com"
LINKED = f"arn:aws:iam::111122223333:role/aws-service-role/{SERVICE}/AWSServiceRoleforIncidentManager"
ORDINARY = "arn:aws:iam::111122223333:role/Ordinary"
NAMESPACE = {"cloudwatch:namespace": "AWS/IncidentManager"}


@pytest.fixture
def managed(shipped: Project) -> dict[str, ManagedPolicy]:
    return {policy.name: policy for policy in shipped.policies}


def actions(document: dict[str, Any]) -> set[str]:
    """Return the actions of a document."""
    entries = [statement["Action"] for statement in document["Statement"]]
    return {action for entry in entries for action in ([entry] if isinstance(entry, str) else entry)}


def holder(name: str) -> str:
    """Return a principal that can have a policy."""
    return ORDINARY if FACTS["policies"][name]["attachable"] else LINKED


def ask(engine: LocalOpa, name: str, action: str, **more: object) -> dict[str, Any]:
    """Return the decision for a principal that has one policy and asks with the page's metrics namespace."""
    request = {"principal": holder(name), "action": action, "context": NAMESPACE, "policies": {"identity": [name]}}
    return decisions.decide(engine, {**request, **more})


def test_the_policies_are_those_of_the_page(managed: dict[str, ManagedPolicy]) -> None:
    assert sorted(managed) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_document_is_the_pages_in_shape_and_order(managed: dict[str, ManagedPolicy], name: str) -> None:
    document = managed[name].source.value["document"]
    assert json.dumps(document) == json.dumps(FACTS["policies"][name]["document"])


@pytest.mark.parametrize("name", NAMES)
def test_attachability(managed: dict[str, ManagedPolicy], name: str) -> None:
    assert managed[name].service_linked is not FACTS["policies"][name]["attachable"]


@pytest.mark.parametrize("name", NAMES)
def test_each_services_permissions_are_explained(managed: dict[str, ManagedPolicy], name: str) -> None:
    explained = {entry["service"]: entry for entry in managed[name].source.value["permissions"]}
    assert sorted(explained) == FACTS["policies"][name]["services"]
    assert sorted({action.split(":")[0] for action in actions(FACTS["policies"][name]["document"])}) == sorted(
        explained
    )
    assert all(entry["allows"] for entry in explained.values())


@pytest.mark.parametrize(
    ("name", "service", "words"),
    [
        ("AWSIncidentManagerIncidentAccessServiceRolePolicy", "cloudformation", ["stacks", "CloudFormation events"]),
        ("AWSIncidentManagerIncidentAccessServiceRolePolicy", "codedeploy", ["deployments", "targets"]),
        ("AWSIncidentManagerIncidentAccessServiceRolePolicy", "autoscaling", ["EC2 instance", "findings"]),
        ("AWSIncidentManagerServiceRolePolicy", "ssm-incidents", ["timeline events", "dashboard"]),
        ("AWSIncidentManagerServiceRolePolicy", "ssm", ["OpsItems", "parent OpsItem"]),
        ("AWSIncidentManagerServiceRolePolicy", "ssm-contacts", ["engagements", "contacts"]),
        ("AWSIncidentManagerServiceRolePolicy", "cloudwatch", ["metrics", "AWS/IncidentManager"]),
    ],
)
def test_what_each_permission_serves(
    managed: dict[str, ManagedPolicy], name: str, service: str, words: list[str]
) -> None:
    (entry,) = [entry for entry in managed[name].source.value["permissions"] if entry["service"] == service]
    text = f"{entry['allows']} {entry['needed_for']}"
    assert [word for word in words if word not in text] == []


def test_who_else_gets_a_policy(managed: dict[str, ManagedPolicy]) -> None:
    access = managed["AWSIncidentManagerIncidentAccessServiceRolePolicy"].source.value
    resolver = managed["AWSIncidentManagerResolverAccess"].source.value
    assert "role of Incident Manager" in access["attached_by_service"]
    assert [use for use in resolver["also_for"] if "Chatbot" in use or "chat channel" in use] == resolver["also_for"]
    assert len(resolver["also_for"]) == 2


@pytest.mark.parametrize("name", NAMES)
def test_where_the_facts_come_from(managed: dict[str, ManagedPolicy], name: str) -> None:
    assert managed[name].source.value["source"]["url"] == FACTS["page"]
    assert managed[name].source.value["tracked_since"] == FACTS["tracked_since"]


def test_the_history_is_the_table_of_updates(managed: dict[str, ManagedPolicy]) -> None:
    history = [
        {"date": version.since, "policy": policy.name} for policy in managed.values() for version in policy.versions
    ]
    expected = [{"date": update["date"], "policy": update["policy"]} for update in UPDATES]
    assert sorted(history, key=str) == sorted(expected, key=str)


@pytest.mark.parametrize("update", ADDITIONS, ids=lambda update: update["policy"])
def test_an_update_added_just_what_the_table_says(managed: dict[str, ManagedPolicy], update: dict[str, Any]) -> None:
    policy = managed[update["policy"]]
    earlier, present = (actions(policy.source.at(version.path)) for version in policy.versions)
    assert present - earlier == set(update["adds"])
    assert earlier < present


@pytest.mark.parametrize("name", NAMES)
def test_every_action_of_a_policy_is_allowed_and_its_neighbour_is_not(engine: LocalOpa, name: str) -> None:
    granted = actions(FACTS["policies"][name]["document"])
    decided = {action: ask(engine, name, action)["decision"] for action in granted}
    neighbours = {f"{action}Policy": ask(engine, name, f"{action}Policy")["decision"] for action in granted}
    assert set(decided.values()) == {"allowed"}
    assert set(neighbours.values()) == {"implicitDeny"}


def test_incident_access_reads_only() -> None:
    granted = actions(FACTS["policies"]["AWSIncidentManagerIncidentAccessServiceRolePolicy"]["document"])
    assert [action for action in granted if not action.split(":")[1].startswith(("BatchGet", "Describe", "List"))] == []


@pytest.mark.parametrize("update", UPDATES, ids=lambda update: f"{update['policy']}-{update['date']}")
def test_a_change_holds_from_its_day_on(engine: LocalOpa, update: dict[str, Any]) -> None:
    name = update["policy"]
    document = FACTS["policies"][name]["document"]
    added = update.get("adds", sorted(actions(document) - {a for u in ADDITIONS for a in u["adds"]}))
    day_before = (date.fromisoformat(update["date"]) - timedelta(days=1)).isoformat()
    before = {ask(engine, name, action, as_of=day_before)["decision"] for action in added}
    after = {ask(engine, name, action, as_of=update["date"])["decision"] for action in added}
    assert (before, after) == ({"implicitDeny"}, {"allowed"})


def test_a_policy_before_its_creation_grants_nothing_and_says_so(engine: LocalOpa) -> None:
    decision = ask(engine, "AWSIncidentManagerResolverAccess", "ssm-incidents:StartIncident", as_of="2021-04-25")
    arn = "arn:aws:iam::aws:policy/AWSIncidentManagerResolverAccess"
    warnings = [warning for warning in decision["warnings"] if warning["path"] == "/as_of"]
    assert warnings == [
        {"code": "POLICY_NOT_YET_CREATED", "path": "/as_of", "message": f"{arn} did not exist before 2021-04-26"}
    ]


@pytest.mark.parametrize("kind", ["users", "groups", "roles"])
def test_the_service_role_policy_can_be_attached_to_nobody_else(make_project: Callable[..., Path], kind: str) -> None:
    entity = {"name": "Ordinary", "managed_policies": ["AWSIncidentManagerServiceRolePolicy"]}
    accounts = {"111122223333": {kind: [entity]}}
    file = make_project({"name": "p", "policies": ["opa-iam:policies/*.yaml"], "accounts": accounts})
    with pytest.raises(DocumentError) as raised:
        compiler.compile_project(project.read(file))
    (finding,) = raised.value.findings
    assert (finding.code, finding.path) == (
        "OPA_IAM_POLICY_NOT_ATTACHABLE",
        f"/accounts/111122223333/{kind}/0/managed_policies/0",
    )
    assert (
        f"PolicyNotAttachable): a service role policy can only be attached to the service-linked role of {SERVICE}"
        in (finding.message)
    )


def test_the_service_role_policy_decides_for_the_service_linked_role_alone(engine: LocalOpa) -> None:
    name, action = "AWSIncidentManagerServiceRolePolicy", "ssm:CreateOpsItem"
    others = [ORDINARY, "arn:aws:iam::111122223333:user/Ana", LINKED.replace("ssm-incidents", "ssm")]
    assert ask(engine, name, action)["decision"] == "allowed"
    for principal in others:
        decision = ask(engine, name, action, principal=principal)
        assert (decision["decision"], decision["errors"][0]["code"]) == ("implicitDeny", "POLICY_NOT_ATTACHABLE")


@pytest.mark.parametrize("action", ["iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:SetDefaultPolicyVersion"])
def test_customers_cannot_change_an_aws_managed_policy(engine: LocalOpa, action: str) -> None:
    administrator = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    request = {"principal": ORDINARY, "action": action, "policies": {"identity": [administrator]}}
    arn = "arn:aws:iam::aws:policy/AWSIncidentManagerResolverAccess"
    own = arn.replace("::aws:", "::111122223333:")
    assert FACTS["customers_can_change_them"] is False
    assert decisions.decide(engine, {**request, "resource": arn})["decision"] == "implicitDeny"
    assert decisions.decide(engine, {**request, "resource": own})["decision"] == "allowed"


def test_an_update_reaches_every_principal_with_the_policy(make_project: Callable[..., Path]) -> None:
    policy = {"arn": "arn:aws:iam::aws:policy/Shared", "document": {"Statement": []}}
    entity = {"managed_policies": ["Shared"]}
    account = {
        "users": [{"name": "Ana", **entity}, {"name": "Ben", "groups": ["Team"]}],
        "groups": [{"name": "Team", **entity}],
        "roles": [{"name": "Build", **entity}],
    }
    bundle = {"name": "p", "policies": ["policies/*.yaml"], "accounts": {"111122223333": account}}
    data = compiler.compile_project(project.read(make_project(bundle, shared=policy)))
    assert FACTS["an_update_reaches_every_principal_with_the_policy"] is True
    # They refer to the one compiled policy, none has a copy.
    assert {tuple(principal["policies"]) for principal in data["account"]["principals"].values()} == {(policy["arn"],)}
    assert len(data["account"]["principals"]) == 3
    assert list(data["policies"]) == [policy["arn"]]


def test_a_policy_file_names_its_policy() -> None:
    folder = Path(policies.__file__).parents[2] / "policies"
    assert {path.stem for path in folder.glob("*.yaml")} == set(NAMES)
