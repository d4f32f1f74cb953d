"""Patterns of actions, expanded when policies are compiled: to the names that the reference of services lists.

A decision then finds the statements of an action by its name, and tries patterns only for an action that is not listed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Data = dict[str, Any]


class Expansion:
    """What patterns stand for by a reference of services; found once for a service and a pattern."""

    def __init__(self, services: Mapping[str, Data]) -> None:
        """Expand nothing yet.

        Args:
            services: what `data.iam.reference.services` is.
        """
        self._services = services
        self._found: dict[tuple[str, str], list[str]] = {}

    def of(self, policy: Data) -> Data:
        """Return a compiled policy whose `patterns` are `unlisted` ones, with the names that match them.

        Args:
            policy: it has `actions` and `statements`.
        """
        actions = policy["actions"]
        if not any("patterns" in node for nodes in actions.values() for node in nodes.values()):
            return policy
        expanded = {
            effect: {service: self._node(service, node, policy["statements"]) for service, node in nodes.items()}
            for effect, nodes in actions.items()
        }
        return {**policy, "actions": expanded}

    def _node(self, service: str, node: Data, statements: Data) -> Data:
        if "patterns" not in node or service not in self._services:
            return node
        names = {
            "always": {name: numbers.split() for name, numbers in node.get("always", {}).items()},
            "tested": {name: [*numbers] for name, numbers in node.get("tested", {}).items()},
        }
        for number, pattern in node["patterns"].items():
            found = names["always" if "always" in statements[number] else "tested"]
            for name in self._matching(service, pattern):
                numbers = found.setdefault(name, [])
                if number not in numbers:
                    numbers.append(number)
        kept = {kind: value for kind, value in node.items() if kind not in (*names, "patterns")}
        always = {name: " ".join(numbers) for name, numbers in names["always"].items()}
        found = {"always": always, "tested": names["tested"]}
        return {**kept, **{kind: found[kind] for kind in found if found[kind]}, "unlisted": node["patterns"]}

    def _matching(self, service: str, pattern: str) -> list[str]:
        if (service, pattern) not in self._found:
            expression = re.compile(pattern, re.ASCII)
            listed = self._services[service]["actions"]
            self._found[service, pattern] = [name for name in listed if expression.search(name)]
        return self._found[service, pattern]
