"""A situation of the model written down as a request, policies and all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.combination import WITH_IDENTITY, Caller, Name, Policies, Policy, Situation, Statement, Target

if TYPE_CHECKING:
    from collections.abc import Callable

_CALLERS_ACCOUNT = "123456789012"
_OTHER_ACCOUNT = "210987654321"
_REGION = "eu-west-1"

_USER = f"arn:aws:iam::{_CALLERS_ACCOUNT}:user/team/Ana"
_ROLE = f"arn:aws:iam::{_CALLERS_ACCOUNT}:role/team/Build"
_SERVICE_LINKED_ROLE = f"arn:aws:iam::{_CALLERS_ACCOUNT}:role/aws-service-role/jobs.amazonaws.com/AWSServiceRoleForJobs"
_ROOT = f"arn:aws:iam::{_CALLERS_ACCOUNT}:root"

_CALLERS: dict[Caller, str | dict[str, Any]] = {
    Caller.USER: _USER,
    Caller.ROLE_SESSION: {"arn": f"arn:aws:sts::{_CALLERS_ACCOUNT}:assumed-role/Build/run-7", "role_arn": _ROLE},
    Caller.SERVICE_LINKED_SESSION: {
        "arn": f"arn:aws:sts::{_CALLERS_ACCOUNT}:assumed-role/AWSServiceRoleForJobs/run-7",
        "role_arn": _SERVICE_LINKED_ROLE,
    },
    Caller.FEDERATED_SESSION: {
        "arn": f"arn:aws:sts::{_CALLERS_ACCOUNT}:federated-user/Ben",
        "federating_user_arn": _USER,
    },
    Caller.ROOT: _ROOT,
    Caller.SERVICE: "lambda.amazonaws.com",
    Caller.ANONYMOUS: "*",
}

_TARGETS = {
    Target.QUEUE: ("sqs", "SendMessage", "arn:aws:sqs:eu-west-1:{owner}:jobs"),
    Target.TOPIC: ("sns", "Publish", "arn:aws:sns:eu-west-1:{owner}:news"),
    Target.OBJECT: ("s3", "GetObject", "arn:aws:s3:::photos/cat.jpg"),
    Target.KEY: ("kms", "Decrypt", "arn:aws:kms:eu-west-1:{owner}:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    Target.ROLE: ("sts", "AssumeRole", "arn:aws:iam::{owner}:role/Target"),
}


def request(situation: Situation) -> dict[str, Any]:
    """Return the request that a situation is about."""
    action, resource = _asked(situation)
    settings = {
        "caller_is_management_account": situation.management_account,
        "default_key_policy": situation.default_key_policy,
        "s3_block_public_access": situation.block_public_access,
        "session_policy_caps_direct": situation.session_policy_caps_direct,
    }
    return {
        "principal": _CALLERS[situation.caller],
        "action": action,
        "resource": resource,
        "resource_account": _owner(situation),
        "context": {"aws:RequestedRegion": _REGION},
        "policies": _policies(situation),
        "settings": {name: True for name, is_on in settings.items() if is_on},
    }


def _policies(situation: Situation) -> dict[str, Any]:
    def documents(policies: Policies, element: Callable[[Statement], dict[str, Any]] = _plain) -> list[dict[str, Any]]:
        return [_document(situation, policy, element) for policy in policies]

    written: dict[str, Any] = {}
    if situation.caller in WITH_IDENTITY:
        written["identity"] = documents(situation.identity)
    if situation.boundary is not None:
        written["permissions_boundary"] = documents((situation.boundary,))
    if situation.session is not None:
        written["session"] = documents(situation.session)
    if situation.resource is not None:
        element = _trust if situation.target is Target.ROLE else _resource
        written["resource"] = _document(situation, situation.resource, lambda one: element(situation, one))
    for kind, levels, plain in (
        ("service_control", situation.service_control, _plain),
        ("resource_control", situation.resource_control, _resource_control),
    ):
        if levels:
            written[kind] = [
                {"id": f"level-{index}", "policies": documents(level, plain)} for index, level in enumerate(levels)
            ]
    if situation.endpoint is not None:
        written["vpc_endpoint"] = documents(situation.endpoint, lambda one: _resource(situation, one))
    return written


def _document(situation: Situation, policy: Policy, element: Callable[[Statement], dict[str, Any]]) -> dict[str, Any]:
    """Write a policy; what `element` gives comes last, and None in it takes a member away."""
    statements = []
    for one in policy:
        members = {"Effect": one.effect, **_about(situation, one), **element(one)}
        statements.append({name: value for name, value in members.items() if value is not None})
    return {"Version": "2012-10-17", "Statement": statements}


def _about(situation: Situation, statement: Statement) -> dict[str, Any]:
    """Write what a statement is about: the request, or something else."""
    action, resource = _asked(situation)
    service = action.partition(":")[0]
    region = {"StringEquals": {"aws:RequestedRegion": _REGION if statement.matches else "us-east-1"}}
    matching = (
        {"Action": action, "Resource": "*"},
        {"Action": f"{service}:*", "Resource": resource},
        {"NotAction": "ec2:*", "Resource": "*"},
        {"Action": action.upper(), "Resource": "*", "Condition": region},
    )
    silent = (
        {"Action": "ec2:StartInstances", "Resource": "*"},
        {"Action": action, "NotResource": resource},
        {"NotAction": f"{service}:*", "Resource": "*"},
        {"Action": action, "Resource": "*", "Condition": region},
    )
    return (matching if statement.matches else silent)[statement.wording]


def _asked(situation: Situation) -> tuple[str, str]:
    """Return the action and the resource that are asked about."""
    service, name, resource = _TARGETS[situation.target]
    return f"{service}:{name}", resource.format(owner=_owner(situation))


def _owner(situation: Situation) -> str:
    return _CALLERS_ACCOUNT if situation.same_account else _OTHER_ACCOUNT


def _plain(_: Statement) -> dict[str, Any]:
    return {}


def _resource_control(_: Statement) -> dict[str, Any]:
    return {"Principal": "*"}


def _resource(situation: Situation, statement: Statement) -> dict[str, Any]:
    element = "NotPrincipal" if statement.is_not else "Principal"
    return {element: "*" if statement.names == (Name.EVERYONE,) else _principals(situation.caller, statement.names)}


def _trust(situation: Situation, statement: Statement) -> dict[str, Any]:
    """Write a trust policy's elements, which have no resource (TRUST-7) and no bare `*` (GRAM-32)."""
    return {"Principal": _principals(situation.caller, statement.names), "Resource": None, "NotResource": None}


def _principals(caller: Caller, names: tuple[Name, ...]) -> dict[str, list[str]]:
    written: dict[str, list[str]] = {}
    for name in names:
        entry = _entry(caller, name)
        written.setdefault("Service" if entry.endswith(".amazonaws.com") else "AWS", []).append(entry)
    return written


def _entry(caller: Caller, name: Name) -> str:
    own = _CALLERS[caller]
    return {
        Name.SELF: own if isinstance(own, str) else own["arn"],
        Name.ROLE: _SERVICE_LINKED_ROLE if caller is Caller.SERVICE_LINKED_SESSION else _ROLE,
        Name.USER: _USER,
        Name.ACCOUNT: _CALLERS_ACCOUNT,
        Name.ROOT: _ROOT,
        Name.EVERYONE: "*",
        Name.STRANGER: f"arn:aws:iam::{_CALLERS_ACCOUNT}:user/Zoe",
        Name.OTHER_ACCOUNT: _OTHER_ACCOUNT,
        Name.OTHER_SERVICE: "events.amazonaws.com",
    }[name]
