"""Conditions that are quick to weigh: none on keys that have several values, as the reference of services knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Data = dict[str, Any]


def checked(policy: Data, keys: Mapping[str, str]) -> Data:
    """Return a compiled policy without `quick` in its conditions on such keys.

    Args:
        policy: it has `statements`.
        keys: what `data.iam.reference.keys` is.
    """
    if not any(
        _is_dubious(condition, keys) for statement in policy["statements"].values() for condition in _of(statement)
    ):
        return policy
    statements = {
        number: {**statement, "conditions": [_checked(condition, keys) for condition in _of(statement)]}
        if "conditions" in statement
        else statement
        for number, statement in policy["statements"].items()
    }
    return {**policy, "statements": statements}


def _of(statement: Data) -> list[Data]:
    conditions: list[Data] = statement.get("conditions", [])
    return conditions


def _checked(condition: Data, keys: Mapping[str, str]) -> Data:
    if not _is_dubious(condition, keys):
        return condition
    return {name: value for name, value in condition.items() if name != "quick"}


def _is_dubious(condition: Data, keys: Mapping[str, str]) -> bool:
    return "quick" in condition and any(
        keys.get(name, "").startswith("ArrayOf") for name in _listed_names(condition["key"])
    )


def _listed_names(key: str) -> list[str]:
    """Return the names under which the reference may have a key that the requester completes."""
    return [key, key[: key.find("/") + 1], ":".join([*key.split(":")[:2], ""])]
