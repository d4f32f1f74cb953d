"""The shortest way from a caller to the answer: `data.iam.index.known` and `ways`, for the commonest requests.

A *way* is what callers with the same policies share. Of most services it has all that decides: the policies that allow
actions by name, always or when tested, the services that are allowed whole, and the few statements of a Deny for all
services that may be `bars` to callers. Of a service that is not `spoken` of, what always applies tells all; where an
action of a service in `more` is not found, something else is to be looked at: what only the sets of the index tell.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Data = dict[str, Any]
_EVERY = "*"
# AWS keeps something of these for itself, or more decides than policies (IAM-1 to IAM-3, KMS-2, F.5).
_APART = frozenset({"iam", "kms", "sts"})
_LIMITS = ("account", "among", "caps", "denying", "guarded", "identity", "linked")


def of(callers: Mapping[str, Data], index: Data, policies: Data) -> Data:
    """Return the parts of the index that the commonest requests are answered by.

    Args:
        callers: those of the index, by ARN; each gets the key of its way.
        index: its `accounts`, `policed` services and `sets`.
        policies: the compiled ones.
    """
    known: Data = {"": {}, "/": {}}
    ways: Data = {}
    for arn, caller in callers.items():
        if "identity" not in caller:
            continue
        limits = {name: caller[name] for name in _LIMITS if name in caller}
        key = "/".join(f"{name}={value}" for name, value in limits.items())
        if key not in ways:
            ways[key] = _Way(limits, index, policies).made()
        caller["way"] = key
        _, partition, _, _, account, name = arn.split(":", 5)
        owners = {"": key, account: key}
        if name.count("/") == 1:
            known[""][arn] = owners
        if name.startswith("role/"):
            known["/"][f"arn:{partition}:sts::{account}:assumed-role/{name.rpartition('/')[2]}"] = owners
    return {"known": known, "ways": ways}


class _Way:
    """The way of the callers that have the same limits."""

    def __init__(self, limits: Data, index: Data, policies: Data) -> None:
        self.limits = limits
        self.policies = policies
        sets = index["sets"]
        owner = index["accounts"].get(limits["account"], {})
        denying = [sets[part["denying"]]["Deny"] for part in (limits, owner) if "denying" in part]
        denied = {service for routes in denying for names in routes.values() for service in names} - {_EVERY}
        # The Deny statements for all services, by policy.
        self.bars = [
            (name, policies[name]["actions"]["Deny"][_EVERY])
            for routes in denying
            for name in routes.get("wide", {}).get(_EVERY, [])
        ]
        # The services that these, boundaries and levels leave out; none where more than the service counts.
        self.excepted = [
            *(_excepted(node) for _, node in self.bars),
            *(self._left_out(sets[key].get("Allow", {})) for key in limits.get("caps", [])),
        ]
        policed = index["policed"] if "among" in limits else ()
        self.apart = {*_APART, *policed, *denied}.union(*filter(None, self.excepted))
        self.allow = sets[limits["identity"]].get("Allow", {})
        wide = self.allow.get("wide", {})
        self.whole = {service for service, names in wide.items() if any(map(partial(self._allows_all, service), names))}

    def made(self) -> Data:
        """Return what is told of them."""
        if not self._is_told():
            return {"caller": self.limits}
        named: Data = {
            kind: {
                service: names
                for service, names in self.allow.get(kind, {}).items()
                if service not in self.apart and service not in self.whole
            }
            for kind in ("always", "tested")
        }
        named["whole"] = dict.fromkeys(sorted(self.whole - self.apart), True)
        more = sorted(self.apart | self._vague())
        bars = [[name, number] for name, node in self.bars for number in _numbers(node)]
        parts = {"barred": named, "is_barred": True, "bars": bars} if bars else {"free": named, "is_free": True}
        return {
            "caller": self.limits,
            "more": dict.fromkeys(more, True),
            "spoken": dict.fromkeys(sorted({*more, *named["tested"], *named["whole"]}), True),
            **parts,
        }

    def _is_told(self) -> bool:
        """Tell whether there are services of which nothing else is to be looked at."""
        return _EVERY not in self.allow.get("wide", {}) and None not in self.excepted

    def _vague(self) -> set[str]:
        """Return the services of which names, and statements of one expression for their reach, don't tell all."""
        tested = self.allow.get("tested", {})
        variable = {
            service for service, names in tested.items() if any(map(partial(self._has_no_reach, service), names))
        }
        return {*self.allow.get("unlisted", {}), *self.allow.get("wide", {}), *variable} - self.whole

    def _has_no_reach(self, service: str, name: str) -> bool:
        tested = self.policies[name]["actions"]["Allow"][service]["tested"]
        return any(
            "reach" not in self.policies[name]["statements"][number] for found in tested.values() for number in found
        )

    def _allows_all(self, service: str, name: str) -> bool:
        return _EVERY in self.policies[name]["actions"]["Allow"].get(service, {}).get("always", {})

    def _left_out(self, routes: Data) -> set[str] | None:
        """Return the services that a boundary or a level leaves out, if it always allows all of the others."""
        for name in routes.get("wide", {}).get(_EVERY, []):
            for number, others in self.policies[name]["actions"]["Allow"][_EVERY].get("others", {}).items():
                if "always" in self.policies[name]["statements"][number] and "services" in others:
                    return {*others["services"]}
        return None


def _excepted(node: Data) -> set[str] | None:
    """Return the services that the Deny statements for all leave out, if only the service tells whether one speaks."""
    others = node.get("others", {}).values()
    if "always" in node or "patterns" in node or any("services" not in each for each in others):
        return None
    return {service for each in others for service in each["services"]}


def _numbers(node: Data) -> list[str]:
    return [*node.get("tested", {}).get(_EVERY, []), *node.get("others", {})]
