"""Every case's policies compiled: the plain request is decided as the one that brings them along, by lookup or not.

The policies of a case are attached to its caller, its resource and the levels of an organization, lowered by the
library and routed by the compiler, and put into a running OPA one case after the other.
"""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, Any

import pytest

from model.stored import Library, renamed
from opa_iam import cases, library, routes
from opa_iam.organization import FULL_ACCESS, aws_owned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Data = dict[str, Any]

_FILES = sorted(file for name in ("tests/cases", "examples") for file in (library.root() / name).glob("*.iam.yaml"))
CASES = [case for file in _FILES for case in cases.read(str(file))]

# What of a request can be compiled, and which members its request may have besides.
_COMPILED = {"identity", "permissions_boundary", "resource", "resource_control", "service_control"}
_MEMBERS = {"action", "context", "policies", "principal", "resource", "resource_account", "settings"}
_PATHS = ("", "team/")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("library")) as opened:
        yield opened


class Attached:
    """A case's policies as attachments of its caller, and their names, by those that they have in a request."""

    def __init__(self, request: Mapping[str, Any], path: str) -> None:
        """Attach them; of a session's role, the request tells all but the path."""
        self.policies: dict[str, Any] = {**request["policies"]}
        self.names: dict[str, str] = {}
        self.documents: dict[str, tuple[object, str]] = {}
        _, partition, _, _, self.account, name = request["principal"].split(":", 5)
        self.roles: dict[str, str] = {}
        self.entity = request["principal"]
        if name.startswith("assumed-role/"):
            role = name.split("/")[1]
            self.entity = f"arn:{partition}:iam::{self.account}:role/{path}{role}"
            self.roles[f"{partition}/{self.account}/{role.lower()}"] = self.entity
        self.owner = _owner(request) or self.account
        self._attach_lists()
        self._attach_levels()
        self._attach_resource(request)

    def _attach_lists(self) -> None:
        self.principal: Data = {"policies": []}
        for number, document in enumerate(self.policies.get("identity", [])):
            self.principal["policies"].append(self._named(f"identity[{number}]", document, "identity"))
        for document in self.policies.get("permissions_boundary", []):
            name = self._named("permissions_boundary[0]", document, "identity")
            self.principal["permissions_boundary"] = name

    def _attach_levels(self) -> None:
        """Attach control policies; an account has as many levels of both types."""
        accounts: Data = {}
        given = {policy_type: self.policies.get(policy_type, []) for policy_type in FULL_ACCESS}
        places = max(map(len, given.values()))
        for policy_type, levels in given.items():
            whose = self.account if policy_type == "service_control" else self.owner
            padded = [*levels, *[{"policies": [FULL_ACCESS[policy_type]]}] * (places - len(levels))]
            if not places:
                continue
            self.policies[policy_type] = [{**level, "id": f"level {place}"} for place, level in enumerate(padded)]
            for account in {self.account, self.owner}:
                member = accounts.setdefault(account, [{"id": f"level {place}"} for place in range(places)])
                for place, level in enumerate(padded if account == whose else [{"policies": []}] * places):
                    member[place][policy_type] = [
                        self._named(f"{policy_type}[{place}].policies[{number}]", policy, policy_type)
                        for number, policy in enumerate(level["policies"])
                    ]
        self.accounts = {
            account: {"id": "o-a1b2c3d4e5", "levels": levels, "management": False, "paths": ["o-a1b2c3d4e5/r-a1b2/"]}
            for account, levels in accounts.items()
        }

    def _attach_resource(self, request: Mapping[str, Any]) -> None:
        self.resources: Data = {}
        if (document := self.policies.get("resource")) is not None:
            holder = request["resource"].split("/")[0] if ":s3:::" in request["resource"] else request["resource"]
            is_trust = request["action"].lower().startswith("sts:") and ":role/" in holder
            self.documents[holder] = (document, "role_trust" if is_trust else "resource")
            self.names["resource"] = holder
            if not is_trust:
                self.resources[holder] = {}

    def _named(self, name: str, document: object, policy_type: str) -> str:
        if isinstance(document, str):
            return aws_owned(policy_type)  # as an organization's file may spell it in short
        self.names[name] = f"{self.entity}#{name}"
        self.documents[self.names[name]] = (document, policy_type)
        return self.names[name]

    def data(self, lowered: Mapping[str, Data], settings: Data) -> Data:
        """Return what the compiler gives."""
        policies = {
            name: {
                **({} if policy_type == "identity" else {"policy_type": policy_type}),
                "actions": lowered[name]["actions"],
                "statements": lowered[name]["statements"],
            }
            for name, (_, policy_type) in self.documents.items()
        }
        data: Data = {
            "account": {"principals": {self.entity: self.principal}, "resources": self.resources},
            "organization": {"accounts": self.accounts},
            "policies": policies,
            "settings": settings,
        }
        return {**data, "index": {"policy_names": {}, "roles": self.roles, **routes.of(data)}}


def _owner(request: Mapping[str, Any]) -> str:
    pieces = request.get("resource", "*").split(":", 5)
    named = pieces[4] if len(pieces) == 6 and pieces[4] != "*" else ""
    return str(request.get("resource_account", named))


def is_compilable(request: Any) -> bool:  # noqa: ANN401
    """Tell whether a request's policies can all be attached, and are given as documents."""
    if not isinstance(request, dict) or set(request) - _MEMBERS or not isinstance(request.get("policies"), dict):
        return False
    texts = [request.get(name, "") for name in ("action", "principal", "resource", "resource_account")]
    policies = request["policies"]
    if set(policies) - _COMPILED or not all(isinstance(text, str) for text in texts):
        return False
    lists = [policies.get(name, []) for name in _COMPILED - {"resource"}]
    if not all(isinstance(one, list) for one in lists) or len(policies.get("permissions_boundary", [])) > 1:
        return False
    levels = [(name, level) for name in FULL_ACCESS for level in policies.get(name, [])]
    if not all(_is_level(name, level) for name, level in levels):
        return False
    documents = [*policies.get("identity", []), *policies.get("permissions_boundary", [])]
    resource = request.get("resource", "*")
    has_place = "resource" not in policies or (resource.count(":") >= 5 and "*" not in resource)
    return has_place and all(isinstance(one, dict) for one in documents) and _is_entity(request["principal"])


def _is_level(policy_type: str, level: object) -> bool:
    """Tell whether a level is one, and names no policy but AWS's own, in whose place the compiler takes no other."""
    if not isinstance(level, dict) or not isinstance(level.get("policies"), list):
        return False
    own = [FULL_ACCESS[policy_type], aws_owned(policy_type)]
    return all(isinstance(policy, dict) or policy in own for policy in level["policies"])


def _is_entity(principal: str) -> bool:
    pieces = principal.split(":", 5)
    return len(pieces) == 6 and pieces[5].split("/")[0] in {"assumed-role", "role", "user"}


COMPILABLE = [case for case in CASES if is_compilable(case.request)]


def test_most_cases_are_compilable() -> None:
    assert len(COMPILABLE) >= 600


compared: collections.Counter[str] = collections.Counter()


@pytest.mark.parametrize("number", range(len(COMPILABLE)), ids=lambda number: COMPILABLE[number].name)
def test_a_case_is_decided_alike_by_its_policies_compiled(stored: Library, number: int) -> None:
    request = COMPILABLE[number].request
    attached = Attached(request, _PATHS[number % len(_PATHS)])
    lowered = dict(zip(attached.documents, stored.lower([*attached.documents.values()]), strict=True))
    if any("lint" not in problem for one in lowered.values() for problem in one["problems"]):
        return  # the compiler refuses it
    stored.put(attached.data(lowered, request.get("settings", {})))
    plain = {name: value for name, value in request.items() if name not in {"policies", "settings"}}
    found, inline = stored.compare([plain, {**plain, "policies": attached.policies}])
    assert found["decision"] == found["explained"]
    assert renamed(found["decision"], {}) == renamed(inline["decision"], attached.names)
    assert found["allow"] == found["long"] == inline["allow"] == found["decision"]["allow"]
    assert found["answers"] in ([], [found["long"]])
    assert found["told"] in ([], [found["explained"]])
    compared["cases"] += 1
    compared["answers"] += len(found["answers"])
    compared["told"] += len(found["told"])


def test_as_many_cases_were_compared_as_the_test_means_to(request: pytest.FixtureRequest) -> None:
    if len(request.session.items) >= len(COMPILABLE):
        least = {"cases": 500, "answers": 200, "told": 50}
        assert {name for name, number in least.items() if compared[name] <= number} == set(), compared
