"""The way from a caller and an action to the few statements that may apply: `data.iam.index`, for quick decisions.

Statements are looked up in *sets* of policies: all identity policies of a user or role, a permissions boundary, the
control policies of one level. Equal sets are one. Of a set the index has, by service, what its policies' own `actions`
have: for the answer alone by effect, with what always applies apart; and all of its `statements`, for what is told of a
decision.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from opa_iam import organization

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Data = dict[str, Any]

# What `iam.principal` takes for a user or a role, of a length that AWS would take; any other is looked at there.
_CALLER = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:(user|role)/([!-~]{1,512}/)?[A-Za-z0-9_+=,.@-]{1,128}")
# The name of any action (ACT-1).
_ANY_NAME = r"^[^:*?\s]+$"
_EVERY = "*"
# AWS's own control policies, which the Rego knows.
_FULL_ACCESS = {organization.aws_owned(policy_type) for policy_type in organization.TYPES}


def of(data: Data) -> Data:
    """Return the parts of the index that routes are made of.

    Args:
        data: the compiled policies, principals, resources, organization and settings.
    """
    routes = _Routes(data)
    callers = dict(routes.callers())
    return {
        "accounts": routes.owners,
        "callers": callers,
        "sessions": _sessions(callers),
        "sets": routes.sets.by_key,
    }


class _Sets:
    """The sets of policies, each under a key of its own."""

    def __init__(self, policies: Data) -> None:
        self.policies = policies
        self.by_key: Data = {}
        self.keys: dict[tuple[str, ...], str] = {}

    def key(self, names: Iterable[str]) -> str:
        """Return the key of the set of some policies."""
        members = tuple(names)
        if members not in self.keys:
            self.keys[members] = str(len(self.keys))
            self.by_key[self.keys[members]] = self._set(members)
        return self.keys[members]

    def denying(self, keys: Iterable[str]) -> list[str]:
        """Return those of some sets that have a Deny, each once."""
        return [key for key in dict.fromkeys(keys) if "Deny" in self.by_key[key]]

    def allows_everything(self, names: Iterable[str]) -> bool:
        """Tell whether one of some policies is AWS's own of full access, or allows all that the others could."""
        return any(name in _FULL_ACCESS or self._is_open(name) for name in names)

    def _is_open(self, name: str) -> bool:
        numbers = self.policies[name]["actions"].get("Allow", {}).get(_EVERY, {}).get("every", ())
        return any("always" in self.policies[name]["statements"][number] for number in numbers)

    def _set(self, members: tuple[str, ...]) -> Data:
        merged: Data = {}
        for rank, name in enumerate(members):
            actions = {} if name in _FULL_ACCESS else self.policies[name]["actions"]
            for effect, services in actions.items():
                for service, node in services.items():
                    for kind, what, number in _speaking(node):
                        self._add(merged, (effect, service, kind, what), (rank, name, number))
        return merged

    def _add(self, merged: Data, way: tuple[str, str, str, Any], place: tuple[int, str, str]) -> None:
        effect, service, kind, what = way
        rank, name, number = place
        always = "always" in self.policies[name]["statements"][number]
        node = merged.setdefault(effect, {}).setdefault(service, {})
        every = merged.setdefault("statements", {}).setdefault(service, {})
        told = [rank, name, number, always, effect]
        if kind == "exact":
            every.setdefault(kind, {}).setdefault(what, []).append(told)
            if always:
                node.setdefault("always", {})[what] = True
            else:
                node.setdefault(kind, {}).setdefault(what, []).append([name, number])
        else:
            every.setdefault(kind, []).append([*told, what])
            node.setdefault(kind, []).append([name, number, always, what])


def _speaking(node: Data) -> Iterator[tuple[str, Any, str]]:
    """Yield how each statement of a policy names actions of a service: the kind, the name or pattern, the number."""
    for action, numbers in node.get("exact", {}).items():
        yield from (("exact", action, number) for number in numbers)
    for number in node.get("every", ()):
        yield "patterns", _ANY_NAME, number
    for kind in ("patterns", "others"):
        yield from ((kind, what, number) for number, what in sorted(node.get(kind, {}).items()))


class _Routes:
    """The routes of all callers."""

    def __init__(self, data: Data) -> None:
        self.principals = data["account"]["principals"]
        self.resources = data["account"]["resources"]
        self.accounts = data.get("organization", {}).get("accounts", {})
        self.plain = not any(data["settings"].values())
        self.sets = _Sets(data["policies"])
        self.owners = {account: self._owner(account) for account in self.accounts}

    def callers(self) -> Iterator[tuple[str, Data]]:
        for arn, principal in self.principals.items():
            if self.plain and _CALLER.fullmatch(arn):
                yield arn, self._caller(arn, principal)

    def _caller(self, arn: str, principal: Data) -> Data:
        _, partition, _, _, account, name = arn.split(":", 5)
        linked = name.startswith("role/aws-service-role/")
        levels = [] if linked else self._levels(account, "service_control")  # SCP-5
        identity = self.sets.key(principal["policies"])
        boundary = [self.sets.key([principal[name]]) for name in ("permissions_boundary",) if name in principal]
        caps = list(dict.fromkeys(self.sets.key(names) for names in levels if not self.sets.allows_everything(names)))
        denying = self.sets.denying([identity, *boundary, *(self.sets.key(names) for names in levels)])
        parts = {
            "alone": not boundary and account not in self.accounts,
            "boundary": boundary and boundary[0],
            "denying": denying,
            "guarded": bool(boundary or caps or denying or self.owners.get(account)),
            "identity": principal["policies"] and identity,
            "levels": caps,
            "linked": linked,
        }
        return {
            "account": account,
            "kind": name.partition("/")[0],
            # Where resources have policies or owners, more is to be seen than an ARN's account.
            "among" if self.resources else "own": rf"^arn:{partition}:[^:*A-Z]*:[^:*A-Z]*:(?:{account})?:[^*]*$",
            **{key: value for key, value in parts.items() if value},
        }

    def _levels(self, account: str, policy_type: str) -> list[list[str]]:
        place = self.accounts.get(account)
        return [level[policy_type] for level in place["levels"]] if place and not place["management"] else []

    def _owner(self, account: str) -> Data:
        """Return what the resource control policies of an account's levels refuse; AWS's own allows all (RCP-2)."""
        levels = self._levels(account, "resource_control")  # RCP-3
        denying = self.sets.denying(self.sets.key(names) for names in levels)
        return {"denying": denying} if denying else {}


def _sessions(callers: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the roles by the beginning of their sessions' ARNs, and the name, whose case does not count (PRIN-8)."""
    sessions: dict[str, dict[str, str]] = {}
    for arn in callers:
        _, partition, _, _, account, name = arn.split(":", 5)
        if name.startswith("role/"):
            prefix = f"arn:{partition}:sts::{account}:assumed-role"
            sessions.setdefault(prefix, {})[name.rpartition("/")[2].lower()] = arn
    return sessions
