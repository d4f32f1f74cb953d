"""How IAM's policy types combine, in plain Python, written from the tables (D, F.1 to F.6, and S3-1 of F.7).

A situation is what matters to the tables and nothing else: who calls, what is called, what each policy says of it. The
policies are not evaluated here; a statement *is* one that matches or one that doesn't.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from typing import Literal


class Caller(Enum):
    """Who calls (EVAL-5)."""

    USER = auto()
    ROLE_SESSION = auto()
    SERVICE_LINKED_SESSION = auto()
    FEDERATED_SESSION = auto()
    ROOT = auto()
    SERVICE = auto()
    ANONYMOUS = auto()


WITHOUT_ACCOUNT = {Caller.SERVICE, Caller.ANONYMOUS}
WITH_IDENTITY = set(Caller) - WITHOUT_ACCOUNT - {Caller.ROOT}
WITH_BOUNDARY = {Caller.USER, Caller.ROLE_SESSION, Caller.FEDERATED_SESSION}
WITH_SESSION = {Caller.ROLE_SESSION, Caller.FEDERATED_SESSION}
_BOUND_BY_SCP = WITH_BOUNDARY | {Caller.ROOT}
_OF_A_ROLE = {Caller.ROLE_SESSION, Caller.SERVICE_LINKED_SESSION}


class Target(Enum):
    """What is called: services that combine alike, but for what their comments say."""

    QUEUE = auto()
    TOPIC = auto()  # without resource control policies (RCP-4)
    OBJECT = auto()  # with Block Public Access (S3-1)
    KEY = auto()  # with its key policy (F.6)
    ROLE = auto()  # to be assumed, with its trust policy (F.5)


class Name(Enum):
    """Whom an entry of Principal names, as seen from the caller."""

    SELF = auto()
    ROLE = auto()
    USER = auto()
    ACCOUNT = auto()
    ROOT = auto()
    EVERYONE = auto()
    STRANGER = auto()
    OTHER_ACCOUNT = auto()
    OTHER_SERVICE = auto()


class Grade(IntEnum):
    """How an entry names the caller, the strongest last (PRIN-2)."""

    NONE = 0
    ACCOUNT = 1
    USER = 2
    ROLE = 3
    WILDCARD = 4
    DIRECT = 5


@dataclass(frozen=True)
class Statement:
    """A statement.

    Attributes:
        effect: Allow or Deny.
        matches: whether action, resource and conditions match.
        names: whom the principal element names, where the policy has one.
        is_not: whether that element is NotPrincipal.
        wording: which of the ways to write it down.
    """

    effect: Literal["Allow", "Deny"] = "Allow"
    matches: bool = True
    names: tuple[Name, ...] = (Name.EVERYONE,)
    is_not: bool = False
    wording: int = 0


Policy = tuple[Statement, ...]
Policies = tuple[Policy, ...]


@dataclass(frozen=True)
class Situation:
    """All that decides. `None` is a policy type that is absent; levels are those of the organisation, root first."""

    caller: Caller
    target: Target = Target.QUEUE
    same_account: bool = True
    identity: Policies = ()
    boundary: Policy | None = None
    session: Policies | None = None
    resource: Policy | None = None
    service_control: tuple[Policies, ...] = ()
    resource_control: tuple[Policies, ...] = ()
    endpoint: Policies | None = None
    management_account: bool = False
    session_policy_caps_direct: bool = False
    block_public_access: bool = False
    default_key_policy: bool = False


@dataclass(frozen=True)
class Outcome:
    """The answer; `verdicts` leaves out what the rules leave open: identity and resource policies not given."""

    decision: str
    blocked_by: frozenset[str]
    verdicts: dict[str, str]


_DENIED = {"explicitDeny", "deniedForAccount"}


def outcome(situation: Situation) -> Outcome:
    """Return what IAM answers."""
    verdicts = _verdicts(situation)
    denied = {kind for kind, verdict in verdicts.items() if verdict in _DENIED}
    blocking = _blocking(situation, verdicts) if _is_granted(situation, is_capped=False) else set()
    if denied:
        decision = "explicitDeny"
    elif blocking == {"s3_block_public_access"}:
        decision = "explicitDeny"  # only where all else allows (S3-1)
    elif blocking or not _is_granted(situation, is_capped=True):
        decision = "implicitDeny"
    else:
        decision = "allowed"
    return Outcome(decision, frozenset(blocking), verdicts)


def grade(caller: Caller, name: Name) -> Grade:
    """Return how an entry names the caller (D.1, D.2)."""
    if name is Name.EVERYONE:
        return Grade.WILDCARD
    if name is Name.SELF or (name is Name.USER and caller is Caller.USER):
        return Grade.DIRECT
    if name is Name.ROLE and caller in _OF_A_ROLE:
        return Grade.ROLE
    if name is Name.USER and caller is Caller.FEDERATED_SESSION:
        return Grade.USER
    if name in {Name.ACCOUNT, Name.ROOT} and caller not in WITHOUT_ACCOUNT:
        return Grade.DIRECT if caller is Caller.ROOT else Grade.ACCOUNT
    return Grade.NONE


def statement_grade(situation: Situation, statement: Statement) -> Grade:
    """Return how a resource policy's statement names the caller (PRIN-2, PRIN-20, PRIN-23)."""
    strongest = max(grade(situation.caller, name) for name in statement.names)
    if not statement.is_not:
        return strongest
    if statement.effect == "Deny" and situation.boundary is not None:
        return Grade.WILDCARD
    return Grade.NONE if strongest else Grade.WILDCARD


def resource_policy(situation: Situation) -> Policy | None:
    """Return the resource's policy, AWS's default key policy included (KMS-1)."""
    if situation.target is Target.KEY and situation.resource is None and situation.default_key_policy:
        is_own = situation.same_account and situation.caller not in WITHOUT_ACCOUNT
        return (Statement(names=(Name.ROOT if is_own else Name.OTHER_ACCOUNT,)),)
    return situation.resource


def _grades(situation: Situation, effect: str) -> set[Grade]:
    policy = resource_policy(situation) or ()
    grades = {statement_grade(situation, one) for one in policy if one.effect == effect and one.matches}
    return grades - {Grade.NONE}


def _has(policies: Policies, effect: str) -> bool:
    return any(one.effect == effect and one.matches for policy in policies for one in policy)


# What each policy type says (EXP-4).


def _verdict(policies: Policies) -> str:
    if _has(policies, "Deny"):
        return "explicitDeny"
    return "allowed" if _has(policies, "Allow") else "implicitDeny"


def _verdicts(situation: Situation) -> dict[str, str]:
    verdicts = {
        "permissions_boundary": "notApplicable" if situation.boundary is None else _verdict((situation.boundary,)),
        "resource_control": _resource_control_verdict(situation),
        "service_control": _service_control_verdict(situation),
        "session": _session_verdict(situation),
        "vpc_endpoint": _endpoint_verdict(situation),
    }
    if situation.identity:
        verdicts["identity"] = _verdict(situation.identity)
    if situation.resource is not None:
        verdicts["resource"] = _resource_verdict(situation)
    return verdicts


def _resource_verdict(situation: Situation) -> str:
    denied, allowed = _grades(situation, "Deny"), _grades(situation, "Allow")
    if denied:
        return "deniedForAccount" if denied == {Grade.ACCOUNT} else "explicitDeny"
    if allowed:
        return "allowedForAccount" if allowed == {Grade.ACCOUNT} else "allowed"
    return "implicitDeny"


def _session_verdict(situation: Situation) -> str:
    return "notApplicable" if situation.session is None else _verdict(situation.session)


def _service_control_verdict(situation: Situation) -> str:
    """Every level must allow (SCP-1), for callers in member accounts (SCP-5)."""
    levels = situation.service_control
    if not levels or situation.caller not in _BOUND_BY_SCP or situation.management_account:
        return "notApplicable"
    if any(_has(level, "Deny") for level in levels):
        return "explicitDeny"
    return "allowed" if all(_has(level, "Allow") for level in levels) else "implicitDeny"


def _resource_control_verdict(situation: Situation) -> str:
    """Full access is always attached, so a Deny is all they say (RCP-2), where they count at all (RCP-3, RCP-4)."""
    levels = situation.resource_control
    is_spared = situation.caller is Caller.SERVICE_LINKED_SESSION or situation.target is Target.TOPIC
    is_in_management_account = situation.management_account and situation.same_account
    if not levels or is_spared or is_in_management_account:
        return "notApplicable"
    return "explicitDeny" if any(_has(level, "Deny") for level in levels) else "allowed"


def _endpoint_verdict(situation: Situation) -> str:
    """Its principals count at any grade (VPCE-3)."""
    if situation.endpoint is None:
        return "notApplicable"
    concerning = tuple(one for policy in situation.endpoint for one in policy if statement_grade(situation, one))
    return _verdict((concerning,))


# Who is granted access (F.3 to F.6), and what stands in the way (EXP-5).


def _is_granted(situation: Situation, *, is_capped: bool) -> bool:
    """Tell whether there is a grant, other guardrails and denials apart; uncapped, boundary and session policy too."""
    allowed = _grades(situation, "Allow")
    if situation.caller in WITHOUT_ACCOUNT:
        return bool(allowed & {Grade.DIRECT, Grade.WILDCARD})
    is_root = situation.caller is Caller.ROOT
    is_free = not _lacks_session_policy(situation) and not (is_capped and _caps(situation))
    identity = is_root or (_has(situation.identity, "Allow") and is_free)
    if not situation.same_account:
        return identity and bool(allowed)  # XACC-1 to XACC-3, ROOT-3
    by_role_or_user = bool(allowed & {Grade.ROLE, Grade.USER}) and is_free
    by_identity = identity and (not _must_be_enabled(situation) or Grade.ACCOUNT in allowed)
    direct = _is_direct(situation) and not (
        is_capped and "session" in _caps(situation) and _session_caps_all(situation)
    )
    return direct or by_role_or_user or by_identity


def _is_direct(situation: Situation) -> bool:
    """Tell whether the resource policy grants past boundary and session policy (PB-4, SESS-3)."""
    return situation.same_account and bool(_grades(situation, "Allow") & {Grade.DIRECT, Grade.WILDCARD})


def _session_caps_all(situation: Situation) -> bool:
    return situation.session_policy_caps_direct and situation.session is not None  # OPEN-16


def _must_be_enabled(situation: Situation) -> bool:
    """Tell whether identity policies count only where the resource's policy says so (KMS-2, TRUST-2, TRUST-8)."""
    has_trust_policy = situation.target is Target.ROLE and situation.resource is not None
    return situation.target is Target.KEY or has_trust_policy


def _caps(situation: Situation) -> set[str]:
    """Return which of boundary and session policy lack an Allow."""
    caps = set()
    if situation.boundary is not None and not _has((situation.boundary,), "Allow"):
        caps.add("permissions_boundary")
    if situation.session is not None and not _has(situation.session, "Allow"):
        caps.add("session")
    return caps


def _lacks_session_policy(situation: Situation) -> bool:
    """Tell whether a session policy is missing without which the user grants nothing (SESS-4)."""
    return situation.caller is Caller.FEDERATED_SESSION and situation.session is None


def _blocking(situation: Situation, verdicts: dict[str, str]) -> set[str]:
    blocking = {kind for kind, verdict in verdicts.items() if verdict in _DENIED}
    guardrails = ("resource_control", "service_control", "vpc_endpoint")
    blocking |= {kind for kind in guardrails if verdicts[kind] == "implicitDeny"}
    if not _is_direct(situation):
        blocking |= _caps(situation)
    elif _session_caps_all(situation):
        blocking |= _caps(situation) & {"session"}
    if _is_stopped_as_public(situation):
        blocking.add("s3_block_public_access")
    return blocking


def _is_stopped_as_public(situation: Situation) -> bool:
    """Tell whether Block Public Access stops a caller from outside (S3-1, S3-2)."""
    is_outside = situation.caller is Caller.ANONYMOUS or (
        situation.caller is not Caller.SERVICE and not situation.same_account
    )
    is_public = any(
        one.effect == "Allow" and (one.is_not or Name.EVERYONE in one.names) for one in situation.resource or ()
    )
    return situation.target is Target.OBJECT and situation.block_public_access and is_outside and is_public
