"""Patterns of actions, expanded when policies are compiled: to the names that the reference of services lists.

A decision then finds the statements of an action by its name, and tries patterns only for an action that is not listed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Data = dict[str, Any]


def expanded(policy: Data, services: Mapping[str, Data]) -> Data:
    """Return a compiled policy whose `patterns` are `unlisted` ones, with the names that match them.

    Args:
        policy: it has `actions` and `statements`.
        services: what `data.iam.reference.services` is.
    """
    if not any("patterns" in node for nodes in policy["actions"].values() for node in nodes.values()):
        return policy
    actions = {
        effect: {
            service: _node(node, services[service]["actions"], policy["statements"])
            if "patterns" in node and service in services
            else node
            for service, node in nodes.items()
        }
        for effect, nodes in policy["actions"].items()
    }
    return {**policy, "actions": actions}


def _node(node: Data, listed: Mapping[str, Any], statements: Data) -> Data:
    names = {kind: {name: [*numbers] for name, numbers in node.get(kind, {}).items()} for kind in ("always", "tested")}
    for number, pattern in node["patterns"].items():
        found = names["always" if "always" in statements[number] else "tested"]
        for name in _matching(pattern, tuple(listed)):
            numbers = found.setdefault(name, [])
            if number not in numbers:
                numbers.append(number)
    kept = {kind: value for kind, value in node.items() if kind not in ("always", "patterns", "tested")}
    return {**kept, **{kind: found for kind, found in names.items() if found}, "unlisted": node["patterns"]}


@cache
def _matching(pattern: str, names: tuple[str, ...]) -> list[str]:
    expression = re.compile(pattern, re.ASCII)
    return [name for name in names if expression.search(name)]
