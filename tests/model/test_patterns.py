"""Wildcards decide as the model of patterns says: in actions, in every segment of a resource, in StringLike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from model.choices import patterns
from model.pattern import action_matches, matches, resource_matches
from opa_iam import decisions

if TYPE_CHECKING:
    from opa_iam.engines import Engine

_ACCOUNT = "111122223333"


def _is_allowed(engine: Engine, request: dict[str, Any], **elements: object) -> bool:
    """Ask about a request what one statement decides, and nothing else."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", **elements}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    asked = {
        "principal": f"arn:aws:iam::{_ACCOUNT}:user/Ana",
        "action": "myapp:Read",
        "policies": {"identity": [document]},
        **request,
    }
    decision = decisions.decide(engine, asked)
    assert decision["errors"] == []
    return bool(decision["allow"])


# ACT-2 to ACT-8
@given(data=st.data())
def test_actions(engine: Engine, data: st.DataObject) -> None:
    name = data.draw(st.text("abA", min_size=1, max_size=6))
    prefix = data.draw(st.sampled_from(["myapp:"] * 4 + ["MyApp:", "my*:", "other:", ""]))
    pattern = prefix + data.draw(patterns(name, "abAB.-,: "))
    action = f"myapp:{name}"
    assert _is_allowed(engine, {"action": action}, Action=pattern) is action_matches(pattern, action), pattern


# RES-1 to RES-8. A bucket's owner is spelt out: RES-6 leaves open whether wildcards there make an entry a bucket's.
@given(data=st.data())
def test_resources(engine: Engine, data: st.DataObject) -> None:
    is_bucket = data.draw(st.booleans())
    region = "" if is_bucket else data.draw(st.sampled_from(["", "eu-west-1"]))
    owner = ["s3", "", ""] if is_bucket else ["myapp", region, _ACCOUNT]
    segments = ["aws", *owner, data.draw(st.text("abA/:.", min_size=1, max_size=8))]
    alphabets = ["aws", "my", "euWst-1", "123", "abA/:."]
    is_fixed = [False, is_bucket, is_bucket, is_bucket, False]
    wanted = [
        one if fixed else data.draw(st.just(one) | patterns(one, alphabet))
        for one, alphabet, fixed in zip(segments, alphabets, is_fixed, strict=True)
    ]
    arn, pattern = ":".join(["arn", *segments]), ":".join(["arn", *wanted])
    request = {"resource": arn, "resource_account": _ACCOUNT}
    assert _is_allowed(engine, request, Resource=pattern) is resource_matches(pattern, arn), (pattern, arn)


# COND-ALL-1, COND-MISS-1, COND-STR-1: StringLike asks for any of the patterns, StringNotLike for none.
@given(data=st.data())
def test_strings(engine: Engine, data: st.DataObject) -> None:
    text = data.draw(st.none() | st.text("abA*?.\n/é", max_size=6))
    wanted = data.draw(st.lists(patterns(text or "", "abA.\n/é"), min_size=1, max_size=3))
    context = {} if text is None else {"aws:UserAgent": text}
    is_like = text is not None and any(matches(pattern, text) for pattern in wanted)
    for operator, expected in (("StringLike", is_like), ("StringNotLike", not is_like)):
        condition = {operator: {"aws:UserAgent": wanted}}
        assert _is_allowed(engine, {"context": context}, Condition=condition) is expected, (operator, wanted, text)
