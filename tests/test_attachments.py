from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from opa_iam import compiler, project
from opa_iam.attachments import Attachments

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opa_iam.errors import Finding

    Marked = Callable[[str], tuple[str, list[tuple[int, int]]]]
    Refused = Callable[..., tuple[Finding, ...]]

LINKED_PATH = "/aws-service-role/ssm-incidents.amazonaws.com/"
POLICIES = {
    "shared_aws": {"arn": "arn:aws:iam::aws:policy/Shared"},
    "shared_own": {"arn": "arn:aws:iam::111122223333:policy/team/Shared"},
    "own": {"arn": "arn:aws:iam::111122223333:policy/Own"},
    "foreign": {"arn": "arn:aws:iam::444455556666:policy/Foreign"},
    "root_task": {"arn": "arn:aws:iam::aws:policy/root-task/RootTask"},
    "china": {"arn": "arn:aws-cn:iam::aws:policy/China"},
    "unknown_service": {
        "arn": "arn:aws:iam::aws:policy/aws-service-role/UnknownServiceRolePolicy",
        "attachable_to": "service-linked role",
    },
}
DOCUMENT = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


@pytest.fixture
def accounts(make_project: Callable[..., Path]) -> Callable[[str], Path]:
    """A function that makes a project of an account's YAML, with our policies and some more."""

    def make(text: str) -> Path:
        policies = {name: {**policy, "document": DOCUMENT} for name, policy in POLICIES.items()}
        bundle = {"name": "p", "policies": ["opa-iam:policies/*.yaml", "policies/*.yaml"]}
        return make_project(f"{yaml.safe_dump(bundle)}accounts:\n  111122223333:\n{text}", **policies)

    return make


SERVICE_POLICY = "managed_policies: [»AWSIncidentManagerServiceRolePolicy]"
SERVICE_POLICY_ARN = "managed_policies: [»arn:aws:iam::aws:policy/aws-service-role/AWSIncidentManagerServiceRolePolicy]"
LOOKALIKE = SERVICE_POLICY_ARN.replace("/aws-service-role", "")
UNKNOWN_SERVICE = "managed_policies: [»UnknownServiceRolePolicy]"
REFUSAL = (
    "OPA_IAM_POLICY_NOT_ATTACHABLE at {}/0/managed_policies/0: AWS refuses to attach {} to the {} "
    "(PolicyNotAttachable): a service role policy can only be attached to the service-linked role of {} (MGD-3)"
)


def refusal(kind: str, whom: str) -> str:
    """AWS's answer to who attaches Incident Manager's service role policy to somebody else."""
    return REFUSAL.format(kind, "AWSIncidentManagerServiceRolePolicy", whom, "ssm-incidents.amazonaws.com")


@pytest.mark.parametrize(
    ("entity", "message"),
    [
        (f"roles: [{{name: R, {SERVICE_POLICY}}}]", refusal("roles", "role R")),
        (f"users: [{{name: U, {SERVICE_POLICY}}}]", refusal("users", "user U")),
        (f"groups: [{{name: G, {SERVICE_POLICY}}}]", refusal("groups", "group G")),
        (f"roles: [{{name: R, {SERVICE_POLICY_ARN}}}]", refusal("roles", "role R")),
        (
            f"roles: [{{name: R, path: /aws-service-role/ssm.amazonaws.com/, {SERVICE_POLICY}}}]",
            refusal("roles", "role R"),
        ),
        (f"roles: [{{name: R, path: /service-role/, {SERVICE_POLICY}}}]", refusal("roles", "role R")),
        (f"users: [{{name: U, path: {LINKED_PATH}, {SERVICE_POLICY}}}]", refusal("users", "user U")),
        (
            f"roles: [{{name: R, {UNKNOWN_SERVICE}}}]",
            REFUSAL.format("roles", "UnknownServiceRolePolicy", "role R", "its service"),
        ),
        (
            "roles: [{name: R, managed_policies: [Own, »Foreign]}]",
            """OPA_IAM_POLICY_NOT_ATTACHABLE at roles/0/managed_policies/1: Foreign belongs to the account 444455556666
 and can be attached only there (MGD-1)""",
        ),
        (
            "roles: [{name: R, managed_policies: [»RootTask]}]",
            """OPA_IAM_POLICY_NOT_ATTACHABLE at roles/0/managed_policies/0: RootTask is for tasks of a root user alone,
 and attached to nobody (MGD-3)""",
        ),
        (
            "roles: [{name: R, managed_policies: [»China]}]",
            """OPA_IAM_POLICY_OF_OTHER_PARTITION at roles/0/managed_policies/0: China is of the partition aws-cn,
 the account of aws (MGD-2)""",
        ),
        (
            "roles: [{name: R, managed_policies: [»Shared]}]",
            """AMBIGUOUS_POLICY at roles/0/managed_policies/0: several policies have this name; give an ARN:
 arn:aws:iam::111122223333:policy/team/Shared, arn:aws:iam::aws:policy/Shared""",
        ),
        (
            "roles: [{name: R, managed_policies: [»AWSIncidentManagerResolveAccess]}]",
            """UNKNOWN_POLICY at roles/0/managed_policies/0: no policy has the name or ARN
 AWSIncidentManagerResolveAccess; is AWSIncidentManagerResolverAccess meant?""",
        ),
        (
            f"roles: [{{name: R, {LOOKALIKE}}}]",
            """OPA_IAM_POLICY_UNKNOWN at roles/0/managed_policies/0: no policy has the name or ARN
 arn:aws:iam::aws:policy/AWSIncidentManagerServiceRolePolicy;
 is arn:aws:iam::aws:policy/aws-service-role/AWSIncidentManagerServiceRolePolicy meant?""",
        ),
        (
            "users: [{name: U, managed_policies: [»zzz]}]",
            "UNKNOWN_POLICY at users/0/managed_policies/0: no policy has the name or ARN zzz",
        ),
        (
            f"roles: [{{name: R, path: {LINKED_PATH}, inline_policies: {{»extra: {{}}}}}}]",
            """UNMODIFIABLE_ENTITY at roles/0/inline_policies/extra: the role R is service-linked:
 only its service changes its policies (IAM-3)""",
        ),
        (
            f"roles: [{{name: R, path: {LINKED_PATH}, »permissions_boundary: Own}}]",
            """UNMODIFIABLE_ENTITY at roles/0/permissions_boundary: the role R is service-linked:
 only its service changes its policies (IAM-3)""",
        ),
        (
            "users: [{name: U, permissions_boundary: »Foreign}]",
            """OPA_IAM_POLICY_NOT_ATTACHABLE at users/0/permissions_boundary: Foreign belongs to the account
 444455556666 and can be attached only there (MGD-1)""",
        ),
        (
            "users: [{name: U, permissions_boundary: »zzz}]",
            "UNKNOWN_POLICY at users/0/permissions_boundary: no policy has the name or ARN zzz",
        ),
        (
            "users: [{name: U, groups: [»Team]}]",
            "UNKNOWN_GROUP at users/0/groups/0: the account has no group Team",
        ),
        (
            "users: [{name: Ana}, {name: »ANA}]",
            "DUPLICATE_NAME at users/1/name: the account has a user of this name already; case does not count",
        ),
        (
            "roles: [{name: R, tags: {team: red, »Team: blue}}]",
            """DUPLICATE_TAG_KEY at roles/0/tags/Team: 'team' and 'Team' are the same tag:
 a tag's name compares without regard to case""",
        ),
    ],
)
def test_what_aws_would_refuse(
    accounts: Callable[[str], Path], marked: Marked, refused: Refused, entity: str, message: str
) -> None:
    text, [(_, column)] = marked(f"    {entity}\n")
    file = accounts(text)
    (found,) = Attachments.of(project.read(file)).findings
    expected = message.replace("\n", "").replace(" at ", " at /accounts/111122223333/", 1)
    assert str(found) == f"{file}:7:{column}: {expected}"
    assert found in refused(compiler.compile_project, project.read(file))


def test_every_refusal_is_reported(accounts: Callable[[str], Path]) -> None:
    text = """
    roles:
      - name: Build
        managed_policies: [Nobody, China, Own]
      - {name: BUILD}
      - {name: build}
    users:
      - {name: Build, groups: [Nobody, Own]}
    groups:
      - {name: Build}
      - {name: Nobody}
    """
    found = Attachments.of(project.read(accounts(text))).findings
    assert [f"{finding.code} {finding.path}" for finding in found] == [
        "UNKNOWN_GROUP /accounts/111122223333/users/0/groups/1",
        "UNKNOWN_POLICY /accounts/111122223333/roles/0/managed_policies/0",
        "OPA_IAM_POLICY_OF_OTHER_PARTITION /accounts/111122223333/roles/0/managed_policies/1",
        "DUPLICATE_NAME /accounts/111122223333/roles/1/name",
        "DUPLICATE_NAME /accounts/111122223333/roles/2/name",
    ]
    assert found[-1].message == "the account has a role of this name already; case does not count"


@pytest.mark.parametrize(
    ("entity", "policy"),
    [
        (
            f"name: R, path: {LINKED_PATH}, {SERVICE_POLICY}",
            "arn:aws:iam::aws:policy/aws-service-role/AWSIncidentManagerServiceRolePolicy",
        ),
        (
            f"name: R, path: /aws-service-role/any.amazonaws.com/, {UNKNOWN_SERVICE}",
            "arn:aws:iam::aws:policy/aws-service-role/UnknownServiceRolePolicy",
        ),
        (
            f"name: R, path: {LINKED_PATH}, managed_policies: [AWSIncidentManagerResolverAccess]",
            "arn:aws:iam::aws:policy/AWSIncidentManagerResolverAccess",
        ),
        (
            "name: R, managed_policies: ['arn:aws:iam::111122223333:policy/team/Shared']",
            "arn:aws:iam::111122223333:policy/team/Shared",
        ),
        ("name: R, managed_policies: [Own]", "arn:aws:iam::111122223333:policy/Own"),
    ],
)
def test_what_aws_allows(accounts: Callable[[str], Path], entity: str, policy: str) -> None:
    resolved = Attachments.of(project.read(accounts(f"    roles: [{{{entity}}}]\n".replace("»", ""))))
    assert resolved.findings == ()
    assert [principal["policies"] for principal in resolved.principals.values()] == [[policy]]


def test_a_user_has_its_groups_policies_after_its_own_and_each_once(accounts: Callable[[str], Path]) -> None:
    text = """
    groups:
      - {name: Readers, managed_policies: [AWSIncidentManagerResolverAccess, Own], inline_policies: {g: {}}}
      - {name: Writers, path: /team/, managed_policies: [Own], inline_policies: {w: {}}}
    users:
      - name: Ana
        path: /people/
        tags: {team: a}
        unique_id: AIDAANAEXAMPLEANA001
        permissions_boundary: Own
        managed_policies: [Own]
        inline_policies: {u: {}, a: {}}
        groups: [WRITERS, readers, Writers]
      - name: Ben
    roles:
      - {name: Build, path: /ci/, tags: {team: b}, inline_policies: {r: {}}}
    """
    resolved = Attachments.of(project.read(accounts(text)))
    prefix, own = "arn:aws:iam::111122223333:", "arn:aws:iam::111122223333:policy/Own"
    assert resolved.findings == ()
    assert resolved.principals == {
        f"{prefix}user/people/Ana": {
            "policies": [
                own,
                f"{prefix}user/people/Ana#u",
                f"{prefix}user/people/Ana#a",
                f"{prefix}group/team/Writers#w",
                "arn:aws:iam::aws:policy/AWSIncidentManagerResolverAccess",
                f"{prefix}group/Readers#g",
            ],
            "permissions_boundary": own,
            "tags": {"team": "a"},
            "unique_id": "AIDAANAEXAMPLEANA001",
        },
        f"{prefix}user/Ben": {"policies": []},
        f"{prefix}role/ci/Build": {"policies": [f"{prefix}role/ci/Build#r"], "tags": {"team": "b"}},
    }
    assert resolved.roles == {"aws/111122223333/build": f"{prefix}role/ci/Build"}
    assert resolved.policy_names["Shared"] == [
        "arn:aws:iam::111122223333:policy/team/Shared",
        "arn:aws:iam::aws:policy/Shared",
    ]
