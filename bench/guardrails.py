"""What W3 has besides identity policies: a boundary, an organization's control policies, resource and session ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench import accounts, draw
from bench.draw import ACCOUNT, NUMBERS, REGION, Document, Principal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_ORGANIZATION = "o-a1b2c3d4e5"
_MANAGEMENT = "999999999999"
_CONTROL = f"arn:aws:organizations::{_MANAGEMENT}:policy/{_ORGANIZATION}/service_control_policy"
_DATA = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::bucket-*/*"},
        {"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:ReceiveMessage"], "Resource": "arn:aws:sqs:*:*:queue-*"},
        {"Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "arn:aws:kms:*:*:key/*"},
    ],
}
_BOUNDARY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"},
        {"Effect": "Allow", "Action": ["iam:Get*", "iam:List*", "iam:PassRole"], "Resource": "*"},
        {"Effect": "Deny", "Action": ["s3:DeleteBucket", "kms:ScheduleKeyDeletion"], "Resource": "*"},
    ],
}
_SESSION = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:*", "sqs:*", "kms:*", "ec2:*"], "Resource": "*"},
        {
            "Effect": "Allow",
            "NotAction": "iam:*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "true"}},
        },
    ],
}
_CONTROLS: dict[str, list[Document]] = {
    "NobodyLeaves": [
        {"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "config:Delete*", "guardduty:Delete*"],
            "Resource": "*",
            "Condition": {"ArnNotLike": {"aws:PrincipalARN": "arn:aws:iam::*:role/security/*"}},
        },
    ],
    "OnlyEurope": [
        {
            "Effect": "Deny",
            "NotAction": ["iam:*", "organizations:*", "sts:*", "route53:*", "cloudfront:*", "support:*"],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": [REGION, "eu-central-1"]}},
        }
    ],
}
_ONLY_OURS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["kms:*", "s3:*", "sqs:*", "sts:AssumeRole"],
    "Resource": "*",
    "Condition": {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": _ORGANIZATION},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    },
}


def added(random: Random, principals: Sequence[Principal], export: dict[str, Any]) -> list[Principal]:
    """Give every principal a boundary and access to data; return the roles as callers."""
    boundary = accounts.add_policy(export, "Boundary", _BOUNDARY)
    data = accounts.add_policy(export, "Data", _DATA)
    accounts.add_policy(export, "Session", _SESSION)
    for entity in (*export["UserDetailList"], *export["RoleDetailList"]):
        entity["PermissionsBoundary"] = {"PermissionsBoundaryArn": boundary}
        entity["AttachedManagedPolicies"][random.randrange(len(entity["AttachedManagedPolicies"]))]["PolicyArn"] = data
    roles = [principal for principal in principals if ":assumed-role/" in principal.arn]
    return [Principal(role.arn, [*role.documents, *[_DATA] * 5]) for role in roles]


def requests(random: Random, principals: Sequence[Principal], export: dict[str, Any], count: int) -> list[Any]:
    """Draw requests of sessions with session policies: all that is compiled for the caller is named."""
    roles = {entity["Arn"].rpartition("/")[2]: entity for entity in export["RoleDetailList"]}
    drawn = draw.requests(random, principals, count)
    return [{**request, "policies": _policies(roles[request["principal"].split("/")[1]])} for request in drawn]


def resource_policies() -> dict[str, Document]:
    """Return the policies of every bucket, queue and key."""
    found = {}
    for number in range(NUMBERS):
        for service in ("s3", "sqs", "kms"):
            arn = draw.resource(service, number).removesuffix(f"/reports/{number}.csv")
            found[arn] = {"Version": "2012-10-17", "Statement": list(_of_resource(service, arn, number))}
    return found


def organization() -> dict[str, Any]:
    """Return an organization of two levels above the account."""
    unit = {
        "id": "ou-a1b2-workloads1",
        "name": "Workloads",
        "service_control_policies": ["FullAWSAccess", "OnlyEurope"],
        "accounts": [{"id": ACCOUNT, "name": "workers"}],
    }
    root = {
        "id": "r-a1b2",
        "service_control_policies": ["FullAWSAccess", "NobodyLeaves"],
        "resource_control_policies": ["OnlyOurs"],
        "accounts": [{"id": _MANAGEMENT, "name": "management"}],
        "units": [unit],
    }
    return {
        "id": _ORGANIZATION,
        "management_account": _MANAGEMENT,
        "service_control_policies": {
            name: {"Version": "2012-10-17", "Statement": statements} for name, statements in _CONTROLS.items()
        },
        "resource_control_policies": {"OnlyOurs": {"Version": "2012-10-17", "Statement": [_ONLY_OURS]}},
        "roots": [root],
    }


def _of_resource(service: str, arn: str, number: int) -> list[Document]:
    everything = [arn, f"{arn}/*"] if service == "s3" else arn
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    caller = f"arn:aws:iam::{ACCOUNT}:role/worker-{2 * (number % 100)}"
    return [
        {"Effect": "Deny", "Principal": "*", "Action": f"{service}:*", "Resource": everything, "Condition": insecure},
        {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": f"{service}:*", "Resource": everything}
        if service == "kms"
        else {"Effect": "Allow", "Principal": {"AWS": caller}, "Action": f"{service}:Get*", "Resource": everything},
    ]


def _policies(role: dict[str, Any]) -> dict[str, Any]:
    """Return what is compiled for a role, by name, and a session policy."""
    return {
        "identity": [attached["PolicyArn"] for attached in role["AttachedManagedPolicies"]],
        "permissions_boundary": [role["PermissionsBoundary"]["PermissionsBoundaryArn"]],
        "session": [f"arn:aws:iam::{ACCOUNT}:policy/Session"],
        "service_control": [
            {"id": "r-a1b2", "policies": ["FullAWSAccess", f"{_CONTROL}/NobodyLeaves"]},
            {"id": "ou-a1b2-workloads1", "policies": ["FullAWSAccess", f"{_CONTROL}/OnlyEurope"]},
            {"id": ACCOUNT, "policies": ["FullAWSAccess"]},
        ],
    }
