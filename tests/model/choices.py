"""What property tests draw: situations that meet often, and patterns that often match.

What the rules leave open is not drawn: a root user who assumes a role (ROOT-2 against STS-3); beside a boundary, a
NotPrincipal of everyone (PRIN-23 against PRIN-24) or for a federated session (PRIN-23).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from model.combination import (
    WITH_BOUNDARY,
    WITH_IDENTITY,
    WITH_SESSION,
    WITHOUT_ACCOUNT,
    Caller,
    Name,
    Policies,
    Policy,
    Situation,
    Statement,
    Target,
)

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

# An Allow that matches most often, a Deny that matches least: one Deny anywhere settles it.
_EFFECTS: SearchStrategy[tuple[str, bool]] = st.sampled_from(
    [("Allow", True)] * 8 + [("Allow", False)] * 2 + [("Deny", False)] * 2 + [("Deny", True)]
)
_DENIALS: SearchStrategy[tuple[str, bool]] = st.sampled_from([("Deny", False)] * 4 + [("Deny", True)])
_EVERYONE: SearchStrategy[tuple[Name, ...]] = st.just((Name.EVERYONE,))
_EVERYTHING: SearchStrategy[Policies] = st.just(((Statement(),),))
_WORDINGS = st.integers(0, 3)
_ORGANISATION_LEVELS = 3


def _policies(statement: SearchStrategy[Statement], *, least: int = 0) -> SearchStrategy[Policies]:
    return st.lists(_policy(statement), min_size=least, max_size=2).map(tuple)


def _policy(statement: SearchStrategy[Statement]) -> SearchStrategy[Policy]:
    return st.lists(statement, min_size=1, max_size=2).map(tuple)


@st.composite
def _statements(
    draw: DrawFn,
    names: SearchStrategy[tuple[Name, ...]] = _EVERYONE,
    effects: SearchStrategy[tuple[str, bool]] = _EFFECTS,
    wordings: SearchStrategy[int] = _WORDINGS,
) -> Statement:
    effect, matches = draw(effects)
    return Statement(
        effect="Allow" if effect == "Allow" else "Deny",
        matches=matches,
        names=draw(names),
        wording=draw(wordings),
    )


def _names(caller: Caller) -> SearchStrategy[tuple[Name, ...]]:
    some = [name for name in Name if not (name is Name.SELF and caller is Caller.ANONYMOUS)]
    return _EVERYONE | st.lists(st.sampled_from(some), min_size=1, max_size=2, unique=True).map(tuple)


@st.composite
def _resource_statements(draw: DrawFn, caller: Caller, target: Target, *, has_boundary: bool) -> Statement:
    """Draw a statement of a resource policy; a trust policy has no NotPrincipal and no resource."""
    is_trust = target is Target.ROLE
    is_not = not is_trust and draw(st.integers(0, 5)) == 0
    if is_not and has_boundary and caller is Caller.FEDERATED_SESSION:
        is_not = False
    drawn = draw(_statements(_names(caller), wordings=st.sampled_from([0, 3]) if is_trust else _WORDINGS))
    names = drawn.names
    if is_not and has_boundary:
        names = tuple(name for name in names if name is not Name.EVERYONE) or (Name.STRANGER,)
    return Statement(drawn.effect, drawn.matches, names, is_not, drawn.wording)


@st.composite
def situations(draw: DrawFn) -> Situation:
    """Draw a situation that a request can express."""
    caller = draw(st.sampled_from(Caller))
    targets = [target for target in Target if not (target is Target.ROLE and caller is Caller.ROOT)]
    target = draw(st.sampled_from(targets))
    has_account = caller not in WITHOUT_ACCOUNT
    boundary = draw(st.none() | _policy(_statements())) if caller in WITH_BOUNDARY else None
    session = draw(st.none() | _policies(_statements(), least=1)) if caller in WITH_SESSION else None
    resource = _policy(_resource_statements(caller, target, has_boundary=boundary is not None))
    endpoint_names = _EVERYONE if target is Target.OBJECT else _names(caller)
    denials = _statements(effects=_DENIALS, wordings=st.sampled_from([0, 1, 3]))
    return Situation(
        caller=caller,
        target=target,
        same_account=has_account and draw(st.booleans()),
        identity=draw(_EVERYTHING | _policies(_statements())) if caller in WITH_IDENTITY else (),
        boundary=boundary,
        session=session,
        resource=draw(st.none() | resource | resource),
        service_control=draw(_levels(_EVERYTHING | _policies(_statements()))),
        resource_control=draw(_levels(_policies(denials))),
        endpoint=draw(st.none() | st.none() | _policies(_statements(endpoint_names), least=1)),
        management_account=has_account and draw(st.integers(0, 3)) == 0,
        session_policy_caps_direct=session is not None and draw(st.integers(0, 3)) == 0,
        block_public_access=draw(st.booleans()),
        default_key_policy=draw(st.booleans()),
    )


def _levels(level: SearchStrategy[Policies]) -> SearchStrategy[tuple[Policies, ...]]:
    return st.just(()) | st.lists(level, max_size=_ORGANISATION_LEVELS).map(tuple)


@st.composite
def patterns(draw: DrawFn, text: str, alphabet: str) -> str:
    """Draw a pattern: any of an alphabet and wildcards, or a text with wildcards in places."""
    if draw(st.booleans()):
        return draw(st.text(alphabet + "*?", max_size=6))
    signs = [draw(st.sampled_from([character, character, "?", "*", f"*{character}", ""])) for character in text]
    return "".join(signs) + draw(st.sampled_from(["", "", "*"]))
