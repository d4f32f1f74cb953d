"""The index's ways: what is told at once of a caller's actions, and of which services more is to be looked at."""

from __future__ import annotations

from typing import Any

import pytest

from opa_iam import lowering, routes

ACCOUNT = "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/Ana"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/jobs/Build"
ORG = "o-a1b2c3d4e5"
FULL_ACCESS = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"


def allow(*actions: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"Effect": "Allow", "Action": [*actions], "Resource": "*", **more}


def index(
    policies: dict[str, list[dict[str, Any]]],
    principals: dict[str, Any],
    levels: tuple[Any, ...] = (),
    resources: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return the index of principals and policies, each of them given by its statements."""
    lowered = lowering.of([({"Version": "2012-10-17", "Statement": one}, "identity") for one in policies.values()])
    data: dict[str, Any] = {
        "account": {"principals": principals, "resources": {arn: {} for arn in resources}},
        "policies": {
            name: {"actions": one["actions"], "statements": one["statements"]}
            for name, one in zip(policies, lowered, strict=True)
        },
        "settings": {},
    }
    if levels:
        member = {"id": ORG, "levels": [*levels], "management": False, "paths": []}
        data["organization"] = {"accounts": {ACCOUNT: member}}
    return routes.of(data)


def way(found: dict[str, Any], arn: str = USER) -> dict[str, Any]:
    made: dict[str, Any] = found["ways"][found["callers"][arn]["way"]]
    return made


def test_callers_are_known_by_their_arns_and_the_beginning_of_their_sessions() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/Plain"
    idle = f"arn:aws:iam::{ACCOUNT}:user/Idle"
    team = f"arn:aws:iam::{ACCOUNT}:user/team/Ben"
    principals = {arn: {"policies": ["p"]} for arn in (USER, ROLE, role, team)} | {idle: {"policies": []}}
    found = index({"p": [allow("s3:GetObject")]}, principals)
    key = found["callers"][USER]["way"]
    owners = {"": key, ACCOUNT: key}
    assert found["known"] == {
        "": {USER: owners, role: owners},
        "/": {f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}": owners for name in ("Build", "Plain")},
    }
    assert [found["callers"][arn].get("way") for arn in (role, team, idle)] == [key, key, None]
    assert list(found["ways"]) == [key]


def test_a_way_tells_what_is_allowed_by_names() -> None:
    statements = [
        allow("s3:GetObject"),
        {**allow("s3:PutObject"), "Resource": "arn:aws:s3:::b/*"},
        allow("sqs:*", "sqs:SendMessage"),
        {**allow("sns:*"), "Resource": "arn:aws:sns:*:*:news"},
        allow("iam:GetUser", "kms:Decrypt"),
        {**allow("ec2:StopInstances"), "Resource": "arn:aws:ec2:*:*:instance/${aws:username}"},
    ]
    found = way(index({"p": statements}, {USER: {"policies": ["p"]}}))
    assert found["free"] == {
        "always": {"s3": ["p"]},
        "tested": {"ec2": ["p"], "s3": ["p"]},
        "whole": {"sqs": True},
    }
    assert [*found["more"]] == ["ec2", "iam", "kms", "sns", "sts"]
    assert [*found["spoken"]] == ["ec2", "iam", "kms", "s3", "sns", "sqs", "sts"]
    assert "bars" not in found


def test_whoever_may_do_everything_has_no_more_of_a_way() -> None:
    found = way(index({"p": [allow("*")]}, {USER: {"policies": ["p"]}}))
    assert [*found] == ["caller"]


def test_a_deny_sets_its_services_apart() -> None:
    policies = {"p": [allow("s3:GetObject", "ec2:RunInstances")], "d": [{**allow("s3:Delete*"), "Effect": "Deny"}]}
    found = way(index(policies, {USER: {"policies": ["p", "d"]}}))
    assert found["free"]["always"] == {"ec2": ["p"]}
    assert [*found["more"]] == ["iam", "kms", "s3", "sts"]


REGION = {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}


@pytest.mark.parametrize(
    ("denied", "bars", "more"),
    [
        ({"NotAction": ["iam:*", "sns:*"]}, ["000001"], ["iam", "kms", "sns", "sts"]),
        ({"Action": "*"}, ["000001"], ["iam", "kms", "sts"]),
        ({"NotAction": ["i*:*"]}, None, None),
    ],
)
def test_a_deny_for_all_services_bars(denied: dict[str, Any], bars: list[str] | None, more: list[str] | None) -> None:
    deny = {"Effect": "Deny", "Resource": "*", "Condition": REGION, **denied}
    found = way(index({"p": [allow("s3:GetObject")], "d": [deny]}, {USER: {"policies": ["p", "d"]}}))
    if bars is None:
        assert [*found] == ["caller"]
        return
    assert found["barred"]["always"] == {"s3": ["p"]}
    assert found["bars"] == [["d", number] for number in bars]
    assert [*found["more"]] == more


def test_a_deny_of_everything_is_looked_up() -> None:
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    found = way(index({"p": [allow("s3:GetObject")], "d": [deny]}, {USER: {"policies": ["p", "d"]}}))
    assert [*found] == ["caller"]


@pytest.mark.parametrize(
    ("boundary", "is_told"),
    [
        ({"Effect": "Allow", "NotAction": ["iam:*", "sns:*"], "Resource": "*"}, True),
        ({"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "arn:aws:s3:::b"}, False),
        (allow("s3:*"), False),
    ],
)
def test_a_boundary_that_allows_all_but_some_services_is_told(boundary: dict[str, Any], *, is_told: bool) -> None:
    principal = {"policies": ["p"], "permissions_boundary": "b"}
    found = way(index({"p": [allow("s3:GetObject")], "b": [boundary]}, {USER: principal}))
    assert ("free" in found) == is_told
    if is_told:
        assert [*found["more"]] == ["iam", "kms", "sns", "sts"]


def test_services_whose_resources_have_policies_are_set_apart() -> None:
    found = index(
        {"p": [allow("s3:GetObject", "ec2:RunInstances")]}, {USER: {"policies": ["p"]}}, (), ("arn:aws:s3:::b",)
    )
    assert found["policed"] == {"s3": True}
    assert way(found)["free"]["always"] == {"ec2": ["p"]}
    assert way(found)["caller"]["among"]


def test_an_account_tells_its_levels_as_a_request_would() -> None:
    level = {"id": "r-a1b2", "service_control": [FULL_ACCESS], "resource_control": []}
    found = index({"p": [allow("s3:GetObject")]}, {USER: {"policies": ["p"]}}, (level,))
    assert found["accounts"] == {
        ACCOUNT: {"levels": '[{"id":"r-a1b2","policies":["' + FULL_ACCESS + '"]}]'},
    }
    assert "guarded" not in found["callers"][USER]
