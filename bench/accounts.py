"""Accounts, as `get-account-authorization-details` prints them: drawn, with users, groups, roles and policies."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from bench.draw import ACCOUNT, REGION, Document, Principal, expanded, resource, services
from opa_iam import aws_policies

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

Export = dict[str, Any]

_CUSTOMER_MANAGED = 800
_GROUPS = 40
_USERS = 400
_CONDITIONS: tuple[Document, ...] = (
    {"StringEquals": {"aws:RequestedRegion": [REGION, "eu-central-1"]}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"]}},
    {"StringLike": {"aws:PrincipalTag/team": "team-*"}},
)


def attachable(policies: Iterable[str]) -> list[str]:
    """Return the ARNs of those AWS managed policies that users and roles can have (MGD-3)."""
    return sorted(arn for arn in policies if not re.search("/(aws-service-role|root-task)/", arn))


def managed(random: Random, count: int, each: int) -> tuple[list[Principal], Export]:
    """Draw users and roles, half and half, with AWS's managed policies."""
    policies = managed_policies()
    choice = attachable(policies)
    principals, export = [], _empty()
    for number in range(count):
        arns = random.sample(choice, each)
        principals.append(added(export, f"worker-{number}", arns, policies, is_user=bool(number % 2)))
    return principals, export


def grown(random: Random, roles: int) -> tuple[list[Principal], Export]:
    """Draw an account as it has grown: policies of its own, inline ones, groups of users, and many roles."""
    export = _empty()
    policies = dict(managed_policies())
    for number in range(_CUSTOMER_MANAGED):
        content = document(random)
        policies[add_policy(export, f"Team{number}", content)] = content
    own = sorted(policies.keys() - managed_policies().keys())
    for number in range(_GROUPS):
        attached = _attached(random.sample(own, 4))
        arn = f"arn:aws:iam::{ACCOUNT}:group/group-{number}"
        export["GroupDetailList"].append({"Arn": arn, "AttachedManagedPolicies": attached})
    choice = attachable(policies)
    principals = []
    for number in range(roles + _USERS):
        arns = [*random.sample(own, random.randrange(1, 4)), *random.sample(choice, random.randrange(3))]
        is_user = number >= roles
        principal = added(export, f"worker-{number}", arns, policies, is_user=is_user)
        entity = export["UserDetailList" if is_user else "RoleDetailList"][-1]
        entity["Tags"] = [{"Key": "team", "Value": f"team-{number % 30}"}]
        inline = document(random)
        entity["UserPolicyList" if is_user else "RolePolicyList"] = [{"PolicyName": "Own", "PolicyDocument": inline}]
        if is_user:
            entity["GroupList"] = [f"group-{group}" for group in random.sample(range(_GROUPS), 2)]
        principals.append(Principal(principal.arn, [*principal.documents, inline]))
    return principals, export


def document(random: Random) -> Document:
    """Draw a policy document as a team writes it: a few statements, each about a service."""
    return {"Version": "2012-10-17", "Statement": [_statement(random) for _ in range(random.randrange(1, 6))]}


def add_policy(export: Export, name: str, content: Document) -> str:
    """Add a customer managed policy to an export and return its ARN."""
    arn = f"arn:aws:iam::{ACCOUNT}:policy/{name}"
    version = {"Document": content, "VersionId": "v1", "IsDefaultVersion": True, "CreateDate": "2025-01-01T00:00:00Z"}
    export["Policies"].append({"Arn": arn, "PolicyVersionList": [version]})
    return arn


@cache
def managed_policies() -> dict[str, Document]:
    """Return the documents of AWS's managed policies by ARN."""
    return {policy.arn: policy.versions[-1].source.at(policy.versions[-1].path) for policy in aws_policies.read()}


def _statement(random: Random) -> Document:
    service = random.choice(random.choice([["s3", "sqs", "dynamodb", "lambda", "kms", "ec2"], sorted(services())]))
    written = [f"{service}:Get*", f"{service}:List*", f"{service}:*"]
    actions = [expanded(random, random.choice(written)) for _ in range(random.randrange(1, 8))]
    if random.random() < 0.3:
        actions.append(random.choice(written))
    made: Document = {"Effect": "Deny" if random.random() < 0.1 else "Allow", "Action": sorted(set(actions))}
    kind = random.random()
    ten = f"{random.randrange(20)}*"
    named = [resource(service, ten) for _ in range(random.randrange(1, 4))]
    made["Resource"] = "*" if kind < 0.4 else named
    if random.random() < 0.25:
        made["Condition"] = random.choice(_CONDITIONS)
    return made


def added(export: Export, name: str, arns: Iterable[str], policies: dict[str, Document], *, is_user: bool) -> Principal:
    """Add a user or a role to an export and return it as a caller."""
    names = list(arns)
    entity: dict[str, Any] = {"AttachedManagedPolicies": _attached(names)}
    if is_user:
        entity["Arn"] = caller = f"arn:aws:iam::{ACCOUNT}:user/{name}"
        export["UserDetailList"].append(entity)
    else:
        entity["Arn"] = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        caller = f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/session"
        trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        entity["AssumeRolePolicyDocument"] = {"Version": "2012-10-17", "Statement": [trust]}
        export["RoleDetailList"].append(entity)
    return Principal(caller, [policies[arn] for arn in names])


def _attached(arns: Iterable[str]) -> list[dict[str, str]]:
    return [{"PolicyArn": arn} for arn in arns]


def _empty() -> Export:
    return {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
