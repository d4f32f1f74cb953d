"""What discovery mode requires is what decides: a request is allowed where its context meets it, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from opa_iam import decisions

if TYPE_CHECKING:
    from opa_iam.engines import Engine

_KEYS = st.sampled_from("abc")
_VALUES = st.lists(st.sampled_from("xy"), min_size=1, max_size=2, unique=True)
_COMPARISONS = ("StringEquals", "StringNotEquals", "StringEqualsIfExists", "StringNotEqualsIfExists")
_CONDITIONS = st.dictionaries(st.sampled_from(_COMPARISONS), st.dictionaries(_KEYS, _VALUES, min_size=1), max_size=2)
_PRESENCES = st.dictionaries(st.just("Null"), st.dictionaries(_KEYS, st.booleans(), min_size=1))
_SESSION = "arn:aws:sts::111122223333:assumed-role/Build/one"
_NAMED = ("*", {"AWS": _SESSION}, {"AWS": "arn:aws:iam::111122223333:role/Build"}, {"AWS": "111122223333"})


def _documents(**members: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, Any]]:
    statement = st.fixed_dictionaries(
        {
            "Effect": st.sampled_from(["Allow", "Allow", "Deny"]),
            "Action": st.just("s3:*"),
            "Resource": st.just("*"),
            "Condition": st.builds(dict.__or__, _CONDITIONS, _PRESENCES),
            **members,
        }
    )
    return st.fixed_dictionaries({"Statement": st.lists(statement, min_size=1, max_size=3)})


_OWN = _documents()
_REQUESTS = st.fixed_dictionaries(
    {
        "principal": st.just(_SESSION),
        "action": st.just("s3:GetObject"),
        "resource": st.just("arn:aws:s3:::b/k"),
        "resource_account": st.sampled_from(["111122223333", "111122223333", "444455556666"]),
        "policies": st.fixed_dictionaries(
            {"identity": st.lists(_OWN, max_size=2)},
            optional={
                "permissions_boundary": st.tuples(_OWN),
                "resource": _documents(Principal=st.sampled_from(_NAMED)),
                "service_control": st.lists(st.fixed_dictionaries({"policies": st.tuples(_OWN)}), max_size=2),
                "session": st.tuples(_OWN),
                "vpc_endpoint": st.tuples(_documents(Principal=st.just("*"))),
            },
        ),
    }
)
_CONTEXTS = st.dictionaries(_KEYS, st.sampled_from("xyz"))


# DISC-3, DISC-4, DISC-7, DISC-8, DISC-10
@given(request=_REQUESTS, context=_CONTEXTS)
def test_a_context_that_meets_the_requirement_is_allowed_and_no_other(
    engine: Engine, request: dict[str, Any], context: dict[str, str]
) -> None:
    found = decisions.decide(engine, request | {"mode": "discovery"})
    met = found["allow"] if found["requirement"] is None else _is_met(found["requirement"], context)
    assert found["errors"] == []
    assert decisions.decide(engine, request | {"context": context})["allow"] == met


def _is_met(expression: dict[str, Any], context: dict[str, str]) -> bool:
    if "all" in expression:
        return all(_is_met(part, context) for part in expression["all"])
    if "any" in expression:
        return any(_is_met(part, context) for part in expression["any"])
    wanted: list[str] = expression["values"]
    operator, value = expression["operator"], context.get(expression["key"])
    if operator == "Null":
        return (value is None) == (wanted == ["true"])
    if value is None:
        return "Not" in operator or "IfExists" in operator
    return (value in wanted) != ("Not" in operator)
