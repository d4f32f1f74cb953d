"""Accounts: users, groups and roles, and which policies each of them has (EVAL-4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opa_iam.documents import pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PLURALS = {"user": "users", "group": "groups", "role": "roles"}


@dataclass(frozen=True)
class Entity:
    """A user, group or role as bundle.yaml has it.

    Attributes:
        kind: `user`, `group` or `role`.
        arn: its ARN, path included.
        value: what bundle.yaml says of it.
        path: JSON Pointer to that in bundle.yaml.
    """

    kind: str
    arn: str
    value: Mapping[str, Any]
    path: str

    @property
    def name(self) -> str:
        """Its name in the account, unique whatever the case."""
        return str(self.value["name"])

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
    def managed_policies(self) -> Iterator[tuple[str, str]]:
        """The attached policies' names or ARNs, each with its place in bundle.yaml."""
        for index, reference in enumerate(self.value.get("managed_policies", [])):
            yield reference, pointer(self.path, "managed_policies", index)

    @property
    def inline_policies(self) -> Iterator[tuple[str, str]]:
        """The names that the inline policies are reported under, each with its place in bundle.yaml."""
        for name in self.value.get("inline_policies", {}):
            yield f"{self.arn}#{name}", pointer(self.path, "inline_policies", name)


def entities(accounts: Mapping[str, Any]) -> Iterator[Entity]:
    """Yield every user, group and role of bundle.yaml's accounts."""
    for account, content in accounts.items():
        prefix = f"arn:{content.get('partition', 'aws')}:iam::{account}:"
        for kind, plural in _PLURALS.items():
            for index, value in enumerate(content.get(plural, [])):
                arn = f"{prefix}{kind}{value.get('path', '/')}{value['name']}"
                yield Entity(kind, arn, value, pointer("/accounts", account, plural, index))
