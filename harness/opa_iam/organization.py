"""An organization: which account lies where, and the control policies of each level on the way (SCP-1, RCP-1).

It is read from one file, or from a folder of what the AWS CLI printed (`organization_export`).
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from opa_iam import documents, shapes
from opa_iam.documents import pointer
from opa_iam.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opa_iam.documents import Document
    from opa_iam.errors import Finding

TYPES = ("service_control", "resource_control")
"""The types of control policies."""

FULL_ACCESS = {"service_control": "FullAWSAccess", "resource_control": "RCPFullAWSAccess"}
"""AWS's own policy of each type, attached to every level until another takes its place (SCP-8, RCP-2, MGD-7)."""


@dataclass(frozen=True)
class ControlPolicy:
    """A service or resource control policy.

    Attributes:
        arn: its ARN.
        policy_type: `service_control` or `resource_control`.
        source: the file.
        path: JSON Pointer to its document.
    """

    arn: str
    policy_type: str
    source: Document
    path: str


@dataclass(frozen=True)
class Level:
    """A root, a unit or an account.

    Attributes:
        id: r-…, ou-… or an account's id.
        policies: the ARNs of its policies by their type.
        places: where they are named, by type as well.
    """

    id: str
    policies: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[Document, str]] = field(default_factory=dict, repr=False, compare=False)

    def finding(self, policy_type: str, code: str, severity: str, message: str) -> Finding:
        """Return a finding where its policies of a type are named."""
        source, path = self.places[policy_type]
        return source.finding(path, code, message, severity=severity)


@dataclass(frozen=True)
class Member:
    """An account, with the levels from the root down to itself."""

    id: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Organization:
    """An organization.

    Attributes:
        id: o-….
        management_account: the account that no control policy binds (SCP-5, RCP-3).
        members: its accounts.
        policies: its own control policies.
        sources: the files that tell of it.
        warnings: what they have and nobody uses.
    """

    id: str
    management_account: str
    members: tuple[Member, ...]
    policies: tuple[ControlPolicy, ...]
    sources: tuple[Document, ...]
    warnings: tuple[Finding, ...] = ()

    @property
    def compiled(self) -> dict[str, Any]:
        """Where each account lies, as `data.iam.organization` has it."""
        return {"accounts": {member.id: self._compiled(member) for member in self.members}}

    def _compiled(self, member: Member) -> dict[str, Any]:
        *above, _ = member.levels
        return {
            "id": self.id,
            "levels": [{"id": level.id, **{t: list(level.policies[t]) for t in TYPES}} for level in member.levels],
            "management": member.id == self.management_account,
            "paths": ["/".join([self.id, *(level.id for level in above), ""])],
        }


def aws_owned(policy_type: str) -> str:
    """Return the ARN of AWS's own policy of a type."""
    return f"arn:aws:organizations::aws:policy/{policy_type}_policy/p-{FULL_ACCESS[policy_type]}"


def read(file: str) -> Organization:
    """Read an organization's file.

    Raises:
        InputError: the file can't be read.
        DocumentError: it has not the shape of one, names a policy that it has not, or an account twice.
    """
    source = documents.read(file)
    shapes.require(source, "organization")
    tree = _Tree(source)
    members = tuple(tree.members())
    if findings := [*tree.findings, *_strangers(source, members)]:
        raise DocumentError(findings)
    return Organization(
        id=source.value["id"],
        management_account=source.value["management_account"],
        members=members,
        policies=tree.policies,
        sources=(source,),
    )


def _strangers(source: Document, members: tuple[Member, ...]) -> Iterator[Finding]:
    if source.value["management_account"] not in {member.id for member in members}:
        message = "the management account is no account of the organization"
        yield source.finding("/management_account", "UNKNOWN_ACCOUNT", message)


class _Tree:
    """The roots, units and accounts of an organization's file."""

    def __init__(self, source: Document) -> None:
        self.source = source
        self.findings: list[Finding] = []
        self.taken: set[str] = set()
        value = source.value
        self.prefix = (
            f"arn:{value.get('partition', 'aws')}:organizations::{value['management_account']}:policy/{value['id']}"
        )
        self.policies = tuple(
            ControlPolicy(self._arn(policy_type, name), policy_type, source, pointer("", member, name))
            for policy_type in TYPES
            for member in (f"{policy_type}_policies",)
            for name in value.get(member, {})
        )

    def members(self) -> Iterator[Member]:
        for index, root in enumerate(self.source.value["roots"]):
            yield from self._below(root, pointer("/roots", index), ())

    def _below(self, value: Mapping[str, Any], path: str, above: tuple[Level, ...]) -> Iterator[Member]:
        levels = (*above, self._level(value, path))
        for index, account in enumerate(value.get("accounts", [])):
            yield Member(account["id"], (*levels, self._level(account, pointer(path, "accounts", index))))
        for index, unit in enumerate(value.get("units", [])):
            yield from self._below(unit, pointer(path, "units", index), levels)

    def _level(self, value: Mapping[str, Any], path: str) -> Level:
        if value["id"] in self.taken:
            message = f"{value['id']} stands in the organization already"
            self.findings.append(self.source.finding(pointer(path, "id"), "DUPLICATE_ID", message))
        self.taken.add(value["id"])
        return Level(
            value["id"],
            {policy_type: tuple(self._attached(value, path, policy_type)) for policy_type in TYPES},
            {policy_type: (self.source, pointer(path, f"{policy_type}_policies")) for policy_type in TYPES},
        )

    def _attached(self, value: Mapping[str, Any], path: str, policy_type: str) -> Iterator[str]:
        member, own = f"{policy_type}_policies", FULL_ACCESS[policy_type]
        known = self.source.value.get(member, {})
        for index, name in enumerate(value.get(member, [own])):
            if name in known:
                yield self._arn(policy_type, name)
            elif name in (own, aws_owned(policy_type)):
                yield aws_owned(policy_type)
            else:
                near = difflib.get_close_matches(name, [*known, own], n=1)
                message = f"no policy of {member} is named {name}" + (f"; is {near[0]} meant?" if near else "")
                self.findings.append(self.source.finding(pointer(path, member, index), "UNKNOWN_POLICY", message))

    def _arn(self, policy_type: str, name: str) -> str:
        return f"{self.prefix}/{policy_type}_policy/{name}"
