"""The model says what the rules' own tables say, row by row."""

from __future__ import annotations

from itertools import product

import pytest

from model.combination import Caller, Grade, Name, Policies, Policy, Situation, Statement, Target, grade, outcome
from model.pattern import action_matches, matches, resource_matches

ALLOW: Policy = (Statement(),)
DENY: Policy = (Statement("Deny"),)
SILENT: Policy = (Statement(matches=False),)

USER, ROLE, FEDERATED = Caller.USER, Caller.ROLE_SESSION, Caller.FEDERATED_SESSION
ROOT, SERVICE, ANONYMOUS = Caller.ROOT, Caller.SERVICE, Caller.ANONYMOUS

# What a cell of the table stands for: "any" is everything that a policy of that type may say, n/a included.
CELLS: dict[str, tuple[Policy | None, ...]] = {
    "A": (ALLOW,),
    "-": (SILENT,),
    "n/a": (None,),
    "n/a or A": (None, ALLOW),
    "n/a or -": (None, SILENT),
    "any": (None, ALLOW, SILENT),
}

# caller, whom the resource policy's Allow names, identity, boundary, session policy, decision.
SAME_ACCOUNT: list[tuple[Caller, list[Name], str, str, str, str]] = [
    (USER, [], "A", "n/a", "n/a", "allowed"),
    (USER, [], "A", "A", "n/a", "allowed"),
    (USER, [], "A", "-", "n/a", "implicitDeny"),
    (USER, [], "-", "any", "n/a", "implicitDeny"),
    (USER, [Name.SELF], "-", "-", "n/a", "allowed"),
    (USER, [Name.EVERYONE], "-", "-", "n/a", "allowed"),
    (USER, [Name.ACCOUNT, Name.ROOT], "-", "any", "n/a", "implicitDeny"),
    (USER, [Name.ACCOUNT, Name.ROOT], "A", "n/a", "n/a", "allowed"),
    (ROLE, [], "A", "n/a", "n/a", "allowed"),
    (ROLE, [], "A", "n/a", "-", "implicitDeny"),
    (ROLE, [], "A", "-", "A", "implicitDeny"),
    (ROLE, [Name.ROLE], "-", "n/a or A", "n/a or A", "allowed"),
    (ROLE, [Name.ROLE], "-", "-", "any", "implicitDeny"),
    (ROLE, [Name.ROLE], "-", "A", "-", "implicitDeny"),
    (ROLE, [Name.SELF], "-", "-", "-", "allowed"),
    (ROLE, [Name.EVERYONE], "-", "-", "-", "allowed"),
    (FEDERATED, [], "A", "n/a or A", "A", "allowed"),
    (FEDERATED, [], "A", "any", "n/a", "implicitDeny"),
    (FEDERATED, [Name.USER], "-", "n/a or A", "A", "allowed"),
    (FEDERATED, [Name.USER], "-", "-", "any", "implicitDeny"),
    (FEDERATED, [Name.USER], "-", "n/a or A", "n/a or -", "implicitDeny"),
    (FEDERATED, [Name.SELF], "-", "-", "n/a or -", "allowed"),
    (ROOT, [*Name], "n/a", "n/a", "n/a", "allowed"),
    (ROOT, [], "n/a", "n/a", "n/a", "allowed"),
    (SERVICE, [Name.SELF, Name.EVERYONE], "n/a", "n/a", "n/a", "allowed"),
    (SERVICE, [], "n/a", "n/a", "n/a", "implicitDeny"),
    (ANONYMOUS, [Name.EVERYONE], "n/a", "n/a", "n/a", "allowed"),
    (ANONYMOUS, [Name.ACCOUNT, Name.USER, Name.STRANGER, Name.OTHER_SERVICE], "n/a", "n/a", "n/a", "implicitDeny"),
]


def several(policy: Policy | None) -> Policies | None:
    return None if policy is None else (policy,)


# SAME-2
@pytest.mark.parametrize("row", SAME_ACCOUNT, ids=lambda row: f"{row[0].name}-{'-'.join(map(str, row[2:]))}")
def test_same_account(row: tuple[Caller, list[Name], str, str, str, str]) -> None:
    caller, named, identity, boundary, session, decision = row
    resources: list[Policy | None] = [(Statement(names=(name,)),) for name in named] or [None, SILENT]
    cells = product(resources, CELLS[identity], CELLS[boundary], CELLS[session])
    for target, (resource, own, limit, passed) in product((Target.QUEUE, Target.TOPIC, Target.OBJECT), cells):
        situation = Situation(
            caller,
            target,
            same_account=caller not in {SERVICE, ANONYMOUS},
            identity=several(own) or (),
            boundary=limit,
            session=several(passed),
            resource=resource,
        )
        assert outcome(situation).decision == decision, situation


ANY_NAME: list[Policy | None] = [
    (Statement(names=(name,)),) for name in (Name.SELF, Name.ROLE, Name.ACCOUNT, Name.ROOT)
]
ANY_RESOURCE: list[Policy | None] = [*ANY_NAME, (Statement(names=(Name.EVERYONE,)),), None, SILENT]
OK: list[Policy | None] = [None, ALLOW]
ANY: list[Policy | None] = [None, ALLOW, SILENT]

# identity, boundary, session policy, SCP of the caller, resource policy, decision.
CROSS_ACCOUNT: list[tuple[list[Policy | None], ...]] = [
    ([ALLOW], OK, OK, OK, [*ANY_NAME, (Statement(),)]),
    ([SILENT], ANY, ANY, ANY, ANY_RESOURCE),
    ([ALLOW], [SILENT], ANY, ANY, ANY_RESOURCE),
    ([ALLOW], OK, [SILENT], ANY, ANY_RESOURCE),
    ([ALLOW], OK, OK, [SILENT], ANY_RESOURCE),
    ([ALLOW], OK, OK, OK, [None, SILENT, (Statement(names=(Name.STRANGER,)),)]),
]


# XACC-6
@pytest.mark.parametrize(("row", "decision"), [*zip(CROSS_ACCOUNT, ["allowed"] + 5 * ["implicitDeny"], strict=True)])
def test_cross_account(row: tuple[list[Policy | None], ...], decision: str) -> None:
    for target, cells in product(Target, product(*row)):
        identity, boundary, session, service_control, resource = cells
        situation = Situation(
            ROLE,
            target,
            same_account=False,
            identity=several(identity) or (),
            boundary=boundary,
            session=several(session),
            resource=resource,
            service_control=((service_control,),) if service_control else (),
        )
        assert outcome(situation).decision == decision, situation


# XACC-6, EVAL-1, SAME-3
@pytest.mark.parametrize("same_account", [True, False])
@pytest.mark.parametrize(
    "denying",
    [
        {"identity": (ALLOW, DENY)},
        {"boundary": ALLOW + DENY},
        {"session": (ALLOW + DENY,)},
        {"resource": ALLOW + DENY},
        {"resource": (*ALLOW, Statement("Deny", names=(Name.ACCOUNT,)))},
        {"service_control": ((ALLOW,), (ALLOW, DENY))},
        {"resource_control": ((DENY,),)},
        {"endpoint": (ALLOW, DENY)},
    ],
    ids=str,
)
def test_a_deny_anywhere_is_final(denying: dict[str, object], same_account: bool) -> None:  # noqa: FBT001
    allowing: dict[str, object] = {"identity": (ALLOW,), "resource": ALLOW}
    situation = Situation(ROLE, same_account=same_account, **{**allowing, **denying})  # type: ignore[arg-type]
    (kind,) = denying
    names = {"boundary": "permissions_boundary", "endpoint": "vpc_endpoint"}
    assert outcome(situation).decision == "explicitDeny"
    assert outcome(situation).blocked_by == {names.get(kind, kind)}


# KMS-1, KMS-2, TRUST-1, TRUST-2, TRUST-8, ROOT-2
@pytest.mark.parametrize(
    ("target", "caller", "named", "identity", "decision"),
    [
        (Target.KEY, USER, None, ALLOW, "implicitDeny"),
        (Target.KEY, USER, Name.STRANGER, ALLOW, "implicitDeny"),
        (Target.KEY, USER, Name.SELF, SILENT, "allowed"),
        (Target.KEY, USER, Name.EVERYONE, SILENT, "allowed"),
        (Target.KEY, ROLE, Name.ROLE, SILENT, "allowed"),
        (Target.KEY, USER, Name.ROOT, SILENT, "implicitDeny"),
        (Target.KEY, USER, Name.ROOT, ALLOW, "allowed"),
        (Target.KEY, ROOT, None, SILENT, "implicitDeny"),
        (Target.KEY, ROOT, Name.ROOT, SILENT, "allowed"),
        (Target.ROLE, USER, None, ALLOW, "allowed"),
        (Target.ROLE, USER, Name.STRANGER, ALLOW, "implicitDeny"),
        (Target.ROLE, USER, Name.SELF, SILENT, "allowed"),
        (Target.ROLE, USER, Name.ACCOUNT, SILENT, "implicitDeny"),
        (Target.ROLE, USER, Name.ACCOUNT, ALLOW, "allowed"),
    ],
)
def test_key_and_trust_policies(
    target: Target, caller: Caller, named: Name | None, identity: Policy, decision: str
) -> None:
    resource = None if named is None else (Statement(names=(named,)),)
    assert outcome(Situation(caller, target, identity=(identity,), resource=resource)).decision == decision


# PRIN-2, PRIN-6, PRIN-17
@pytest.mark.parametrize(
    ("caller", "graded"),
    [
        (USER, {Name.SELF: Grade.DIRECT, Name.USER: Grade.DIRECT, Name.ACCOUNT: Grade.ACCOUNT}),
        (ROLE, {Name.SELF: Grade.DIRECT, Name.ROLE: Grade.ROLE, Name.ROOT: Grade.ACCOUNT}),
        (FEDERATED, {Name.SELF: Grade.DIRECT, Name.USER: Grade.USER, Name.ROLE: Grade.NONE}),
        (ROOT, {Name.ROOT: Grade.DIRECT, Name.ACCOUNT: Grade.DIRECT}),
        (SERVICE, {Name.SELF: Grade.DIRECT, Name.ACCOUNT: Grade.NONE, Name.OTHER_SERVICE: Grade.NONE}),
        (ANONYMOUS, {Name.EVERYONE: Grade.WILDCARD, Name.ACCOUNT: Grade.NONE}),
    ],
)
def test_grades(caller: Caller, graded: dict[Name, Grade]) -> None:
    assert {name: grade(caller, name) for name in graded} == graded


# ACT-4, RES-4
@pytest.mark.parametrize(
    ("pattern", "text", "is_match"),
    [
        ("", "", True),
        ("*", "", True),
        ("?", "", False),
        ("a*", "a", True),
        ("*a*b", "xaybab", True),
        ("*a*b", "xayba", False),
        ("a??", "ab", False),
        ("a.b", "axb", False),
        ("**", "x\ny", True),
    ],
)
def test_wildcards(pattern: str, text: str, is_match: bool) -> None:  # noqa: FBT001
    assert matches(pattern, text) is is_match


# ACT-5 to ACT-7, RES-3, RES-6, RES-7
def test_actions_and_resources() -> None:
    assert action_matches("S3:get*", "s3:GetObject")
    assert action_matches("**", "s3:GetObject")
    assert not any(action_matches(one, "s3:GetObject") for one in ("s*:GetObject", "GetObject", "s3:", "s3:Get*:", ""))
    user = "arn:aws:iam::111122223333:user/Ana"
    assert all(resource_matches(one, user) for one in ("***", "arn:AWS:iam::*:*", "arn:aws:iam::*:user/A?a"))
    assert not any(resource_matches(one, user) for one in ("arn:aws:iam::*:u*/Ana", "arn:aws:iam::*:user/ana"))
    assert resource_matches("arn:aws:s3:::p*/c", "arn:aws:s3:::photos/c")
