"""Patterns of actions become the names that the reference lists, at compile time."""

from __future__ import annotations

from typing import Any

from opa_iam.expansion import Expansion

SERVICES = {"s3": {"actions": {"getobject": "0", "getbucketacl": "0", "putobject": "0"}}}
STATEMENTS = {"000001": {"always": True}, "000002": {}, "000003": {"always": True}}


def expanded(node: dict[str, Any], service: str = "s3") -> object:
    policy = {"actions": {"Allow": {service: node}}, "statements": STATEMENTS}
    return Expansion(SERVICES).of(policy)["actions"]["Allow"][service]


def test_names_are_found_for_patterns_and_patterns_are_kept_for_other_names() -> None:
    patterns = {"000001": r"(?s)^(?:get[^:*?\s]*)$", "000002": r"(?s)^(?:[^:*?\s]*object)$"}
    assert expanded({"always": {"getobject": "000003"}, "patterns": patterns}) == {
        "always": {"getobject": "000003 000001", "getbucketacl": "000001"},
        "tested": {"getobject": ["000002"], "putobject": ["000002"]},
        "unlisted": patterns,
    }


def test_a_statement_that_names_an_action_twice_stands_there_once() -> None:
    node = {"always": {"getobject": "000001"}, "patterns": {"000001": "(?s)^(?:get.*)$"}}
    assert expanded(node) == {
        "always": {"getobject": "000001", "getbucketacl": "000001"},
        "unlisted": {"000001": "(?s)^(?:get.*)$"},
    }


def test_a_service_that_the_reference_does_not_list_keeps_its_patterns() -> None:
    node = {"patterns": {"000001": "(?s)^(?:get.*)$"}}
    assert expanded(node, "other") == node


def test_what_has_no_pattern_stays_as_it_is() -> None:
    policy = {"actions": {"Deny": {"*": {"always": {"*": "000001"}}}}, "statements": STATEMENTS}
    assert Expansion(SERVICES).of(policy) is policy
