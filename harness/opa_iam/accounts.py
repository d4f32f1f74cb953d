"""Accounts: users, groups and roles, and which policies each of them has (EVAL-4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from opa_iam.documents import pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opa_iam.documents import Document

_PLURALS = {"user": "users", "group": "groups", "role": "roles"}


class Named(NamedTuple):
    """A name, and the place in the entity's source of what it stands for."""

    name: str
    path: str


class Tag(NamedTuple):
    """A tag and the place of its name."""

    name: str
    value: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A user, group or role.

    Attributes:
        kind: `user`, `group` or `role`.
        arn: its ARN, path included.
        source: the document that tells of it.
        name_path: JSON Pointer to its name there.
        managed_policies: the attached policies' names or ARNs.
        inline_policies: the names that the inline policies are reported under, with the places of the documents.
        permissions_boundary: the boundary's name or ARN (PB-1).
        trust_policy: JSON Pointer to a role's trust policy (TRUST-1).
        groups: a user's groups.
        tags: its tags.
        unique_id: AIDA… of a user, AROA… of a role.
    """

    kind: str
    arn: str
    source: Document
    name_path: str
    managed_policies: tuple[Named, ...] = ()
    inline_policies: tuple[Named, ...] = ()
    permissions_boundary: Named | None = None
    trust_policy: str | None = None
    groups: tuple[Named, ...] = ()
    tags: tuple[Tag, ...] = ()
    unique_id: str | None = None

    @property
    def name(self) -> str:
        """Its name in the account, unique whatever the case."""
        return self.arn.rpartition("/")[2]

    @property
    def partition(self) -> str:
        """The partition of its ARN."""
        return self.arn.split(":")[1]

    @property
    def account(self) -> str:
        """Its account's id, 12 digits."""
        return self.arn.split(":")[4]

    @property
    def service_link(self) -> str | None:
        """The service whose service-linked role it is (IAM-3)."""
        pieces = self.arn.split("/")
        linked = self.kind == "role" and pieces[1] == "aws-service-role" and len(pieces) > 3  # noqa: PLR2004
        return pieces[2] if linked else None

    @property
    def references(self) -> tuple[Named, ...]:
        """Every managed policy that it names, its boundary at last."""
        return self.managed_policies + ((self.permissions_boundary,) if self.permissions_boundary else ())


def entities(source: Document) -> Iterator[Entity]:
    """Yield every user, group and role of bundle.yaml's accounts."""
    for account, content in source.value.get("accounts", {}).items():
        prefix = f"arn:{content.get('partition', 'aws')}:iam::{account}:"
        for kind, plural in _PLURALS.items():
            for index, value in enumerate(content.get(plural, [])):
                arn = f"{prefix}{kind}{value.get('path', '/')}{value['name']}"
                yield _entity(kind, arn, source, pointer("/accounts", account, plural, index), value)


def _entity(kind: str, arn: str, source: Document, path: str, value: Mapping[str, Any]) -> Entity:
    boundary = value.get("permissions_boundary")
    return Entity(
        kind=kind,
        arn=arn,
        source=source,
        name_path=pointer(path, "name"),
        managed_policies=_listed(value, path, "managed_policies"),
        inline_policies=tuple(
            Named(f"{arn}#{name}", pointer(path, "inline_policies", name)) for name in value.get("inline_policies", {})
        ),
        permissions_boundary=Named(boundary, pointer(path, "permissions_boundary")) if boundary else None,
        trust_policy=pointer(path, "trust_policy") if "trust_policy" in value else None,
        groups=_listed(value, path, "groups"),
        tags=tuple(Tag(name, text, pointer(path, "tags", name)) for name, text in value.get("tags", {}).items()),
        unique_id=value.get("unique_id"),
    )


def _listed(value: Mapping[str, Any], path: str, member: str) -> tuple[Named, ...]:
    return tuple(Named(name, pointer(path, member, index)) for index, name in enumerate(value.get(member, [])))
