"""The way from a caller to the few policies that speak of a service: `data.iam.index`, which is what makes a decision quick.

Policies are looked up in *sets*: all identity policies of a user or role, a permissions boundary, the control policies of
one level. Of a set the index tells, by effect and service, which of its policies have a statement for an action of that
service; under `*` stand those that speak of every service. Equal sets are one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_EVERY = "*"
_LEVEL = "service_control"
_OWNER = "resource_control"


def of(data: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of the index that routes are made of.

    Args:
        data: the compiled policies, principals and organization.
    """
    sets = _Sets(data["policies"])
    accounts = data.get("organization", {}).get("accounts", {})
    callers = {
        arn: dict(_caller(arn, principal, accounts, sets)) for arn, principal in data["account"]["principals"].items()
    }
    owners = {account: dict(_owner(place, sets)) for account, place in accounts.items()}
    return {
        "accounts": owners,
        "callers": callers,
        "sessions": _sessions(callers),
        "sets": sets.by_key,
    }


class _Sets:
    """The sets of policies, each under a key of its own."""

    def __init__(self, policies: dict[str, Any]) -> None:
        self.policies = policies
        self.by_key: dict[str, Any] = {}
        self.keys: dict[tuple[str, ...], str] = {}

    def key(self, names: Iterable[str]) -> str:
        """Return the key of the set of some policies."""
        members = tuple(names)
        if members not in self.keys:
            self.keys[members] = str(len(self.keys))
            self.by_key[self.keys[members]] = self._set(members)
        return self.keys[members]

    def denies(self, key: str) -> bool:
        """Tell whether a set has a Deny."""
        return "Deny" in self.by_key[key]

    def allows_everything(self, names: Iterable[str]) -> bool:
        """Tell whether one of some policies is AWS's own of full access, or allows all that the others could."""
        return any(name not in self.policies or self._is_open(name) for name in names)

    def _is_open(self, name: str) -> bool:
        policy = self.policies[name]
        numbers = policy["actions"].get("Allow", {}).get(_EVERY, {}).get("every", ())
        return any(policy["statements"][number].get("always") for number in numbers)

    def _set(self, members: tuple[str, ...]) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = {}
        for name in members:
            for effect, services in self.policies.get(name, {}).get("actions", {}).items():
                for service in services:
                    found.setdefault(effect, {}).setdefault(service, []).append(name)
        return found


def _caller(arn: str, principal: dict[str, Any], accounts: dict[str, Any], sets: _Sets) -> Iterator[tuple[str, Any]]:
    _, partition, _, _, account, name = arn.split(":", 5)
    linked = name.startswith("role/aws-service-role/")
    place = accounts.get(account, {})
    bound = bool(place) and not place["management"] and not linked  # SCP-5
    levels = [level[_LEVEL] for level in place["levels"]] if bound else []
    keys = []
    yield "account", account
    yield "partition", partition
    if principal["policies"]:
        keys.append(sets.key(principal["policies"]))
        yield "identity", keys[-1]
    if "permissions_boundary" in principal:
        keys.append(sets.key([principal["permissions_boundary"]]))
        yield "boundary", keys[-1]
    caps = [sets.key(names) for names in levels if not sets.allows_everything(names)]
    if caps:
        yield "levels", list(dict.fromkeys(caps))
    keys.extend(sets.key(names) for names in levels)
    if denying := [key for key in dict.fromkeys(keys) if sets.denies(key)]:
        yield "denying", denying
    if linked:
        yield "linked", True


def _owner(place: dict[str, Any], sets: _Sets) -> Iterator[tuple[str, Any]]:
    """What the resource control policies of an account's levels refuse; they allow everything, each level (RCP-2)."""
    keys = [] if place["management"] else [sets.key(level[_OWNER]) for level in place["levels"]]  # RCP-3
    if denying := [key for key in dict.fromkeys(keys) if sets.denies(key)]:
        yield "denying", denying


def _sessions(callers: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the roles by what the ARNs of their sessions begin with, and the name, whose case does not count (PRIN-8)."""
    sessions: dict[str, dict[str, str]] = {}
    for arn in callers:
        _, partition, _, _, account, name = arn.split(":", 5)
        if name.startswith("role/"):
            prefix = f"arn:{partition}:sts::{account}:assumed-role"
            sessions.setdefault(prefix, {})[name.rpartition("/")[2].lower()] = arn
    return sessions
