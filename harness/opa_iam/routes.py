"""The way from a caller and an action to the few statements that may apply: `data.iam.index`, for quick decisions.

A *set* of policies is looked up together: all identity policies of a user or role, a permissions boundary, the control
policies of one level. Equal sets are one. Of a set the index has, by effect and service, which of its policies speak of
the service's actions, and how; what they say the policies themselves have.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from opa_iam import organization, ways

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Data = dict[str, Any]

# What `iam.principal` takes for a user or a role, of a length that AWS would take; any other is looked at there.
_CALLER = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:(user|role)/([!-~]{1,512}/)?[A-Za-z0-9_+=,.@-]{1,128}")
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
    index = {
        "accounts": routes.owners,
        "callers": callers,
        "policed": {arn.split(":")[2]: True for arn in routes.resources if arn.count(":") > 1},
        "sessions": _sessions(callers),
        "sets": routes.sets.by_key,
    }
    return {**index, **ways.of(callers, index, data["policies"])}


class _Sets:
    """The sets of policies, each under a key of its own."""

    def __init__(self, policies: Data) -> None:
        self.policies = policies
        self.by_key: Data = {}
        self.keys: dict[tuple[str, ...], str] = {}

    def key(self, names: Iterable[str], *effects: str) -> str:
        """Return the key of the set of some policies, and of the effects that are of interest."""
        members = tuple(name for name in dict.fromkeys(names) if name not in _FULL_ACCESS)
        found = (*effects, *members)
        if found not in self.keys:
            self.keys[found] = str(len(self.keys))
            self.by_key[self.keys[found]] = self._set(members, effects)
        return self.keys[found]

    def denying(self, names: Iterable[str]) -> str:
        """Return the key of the set of those policies that have a Deny; empty where none has."""
        members = [name for name in names if name not in _FULL_ACCESS and "Deny" in self.policies[name]["actions"]]
        return self.key(members, "Deny") if members else ""

    def allows_everything(self, names: Iterable[str]) -> bool:
        """Tell whether one of some policies is AWS's own of full access, or allows all that the others could."""
        return any(name in _FULL_ACCESS or self._is_open(name) for name in names)

    def _is_open(self, name: str) -> bool:
        return _EVERY in self.policies[name]["actions"].get("Allow", {}).get(_EVERY, {}).get("always", {})

    def _set(self, members: tuple[str, ...], effects: tuple[str, ...]) -> Data:
        routes: Data = {}
        spoken = [(rank, *spoken) for rank, name in enumerate(members) for spoken in self._spoken(name, effects)]
        for _, effect, service, way, name in spoken:
            routes.setdefault(effect, {}).setdefault(way, {}).setdefault(service, []).append(name)
        if len(effects) > 1 and spoken:
            routes["speaking"] = _speaking(spoken)
        return routes

    def _spoken(self, name: str, effects: tuple[str, ...]) -> Iterator[tuple[str, str, str, str]]:
        for effect in effects:
            for service, node in self.policies[name]["actions"].get(effect, {}).items():
                yield from ((effect, service, way, name) for way in _ways(node))


def _speaking(spoken: Iterable[tuple[int, str, str, str, str]]) -> Data:
    """Return who speaks of each service, whatever the effect.

    `named` is all that counts for an action that the reference lists, where nobody speaks of the service otherwise
    than by names and patterns; `mixed` has everything, where there is anything else than names.
    """
    found: dict[str, list[list[Any]]] = {}
    for rank, effect, service, way, name in spoken:
        found.setdefault(service, []).append([rank, effect, way, name, service])
    everywhere = found.get(_EVERY, [])
    kinds: Data = {"mixed": {}, "named": {}}
    for service, entries in sorted(found.items()):
        whole = entries if service == _EVERY else [*entries, *everywhere]
        ways = {entry[2] for entry in whole}
        if ways & {"unlisted", "wide"}:
            kinds["mixed"][service] = whole
        if "wide" not in ways:
            kinds["named"][service] = {
                kind: [[rank, effect, name] for rank, effect, way, name, _ in whole if way == kind]
                for kind in ("always", "tested")
                if kind in ways
            }
    return {kind: entries for kind, entries in kinds.items() if entries}


def _ways(node: Data) -> Iterator[str]:
    """Yield how a policy speaks of a service's actions.

    By name, what always applies and what is to be tested; by patterns, for what is not listed; or widely.
    """
    yield from (way for way in ("always", "tested") if node.get(way, {}).keys() - {_EVERY})
    if "unlisted" in node:
        yield "unlisted"
    if "patterns" in node or "others" in node or any(_EVERY in node.get(way, {}) for way in ("always", "tested")):
        yield "wide"


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
        boundary = [principal[name] for name in ("permissions_boundary",) if name in principal]
        limits = [names for names in levels if not self.sets.allows_everything(names)]
        caps = list(dict.fromkeys(self.sets.key(names, "Allow") for names in [*filter(None, [boundary]), *limits]))
        denying = self.sets.denying([*principal["policies"], *boundary, *(name for names in levels for name in names)])
        parts = {
            "alone": not boundary and account not in self.accounts,
            "caps": caps,
            "denying": denying,
            "guarded": bool(caps or denying or "denying" in self.owners.get(account, {})),
            "identity": principal["policies"] and self.sets.key(principal["policies"], "Allow", "Deny"),
            "linked": linked,
        }
        return {
            "account": account,
            "arn": arn,
            "kind": name.partition("/")[0],
            # Where resources have policies or owners, more is to be seen than an ARN's account.
            "among" if self.resources else "own": rf"^arn:{partition}:[^:*A-Z]*:[^:*A-Z]*:(?:{account})?:[^*]*$",
            **{key: value for key, value in parts.items() if value},
        }

    def _levels(self, account: str, policy_type: str) -> list[list[str]]:
        place = self.accounts.get(account)
        return [level[policy_type] for level in place["levels"]] if place and not place["management"] else []

    def _owner(self, account: str) -> Data:
        """Return what an account's levels say: all that they have, and what resource control policies refuse.

        AWS's own resource control policy allows all (RCP-2).
        """
        given = [
            {"id": level["id"], "policies": level["service_control"]} for level in self.accounts[account]["levels"]
        ]
        levels = self._levels(account, "resource_control")  # RCP-3
        denying = self.sets.denying(name for names in levels for name in names)
        told = {"levels": json.dumps(given, separators=(",", ":"))}
        return {"denying": denying, **told} if denying else told


def _sessions(callers: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the roles by the beginning of their sessions' ARNs, and the name, whose case does not count (PRIN-8)."""
    sessions: dict[str, dict[str, str]] = {}
    for arn in callers:
        _, partition, _, _, account, name = arn.split(":", 5)
        if name.startswith("role/"):
            prefix = f"arn:{partition}:sts::{account}:assumed-role"
            sessions.setdefault(prefix, {})[name.rpartition("/")[2].lower()] = arn
    return sessions
