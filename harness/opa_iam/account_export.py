"""An account as `aws iam get-account-authorization-details` prints it: users, groups, roles and managed policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opa_iam import documents, policies, shapes
from opa_iam.accounts import Entity, Named, Tag
from opa_iam.documents import pointer
from opa_iam.policies import ManagedPolicy, Version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opa_iam.documents import Document
    from opa_iam.errors import Finding

_CALL = "get-account-authorization-details"

_KINDS = {"User": "user", "Group": "group", "Role": "role"}


@dataclass(frozen=True)
class Page:
    """What one file tells.

    Attributes:
        entities: its users, groups and roles.
        policies: its managed policies, AWS's own that are attached among them.
        is_last: whether no further page follows it.
        source: the file, its policy documents as values.
        warnings: what it has and nobody uses.
    """

    entities: tuple[Entity, ...]
    policies: tuple[ManagedPolicy, ...]
    is_last: bool
    source: Document
    warnings: tuple[Finding, ...]


def read(file: str) -> Page:
    """Read one page of an export.

    Raises:
        InputError: the file can't be read.
        DocumentError: it is no such export, or a policy document in it is no JSON.
    """
    printed = documents.read(file)
    warnings = shapes.of_aws(printed, _CALL)
    source = documents.with_parsed(printed, _document_paths(printed.value))
    found = [_policy(source, path, value) for path, value in _items(source.value, "Policies")]
    return Page(
        entities=tuple(
            _entity(source, prefix, path, value)
            for prefix in _KINDS
            for path, value in _items(source.value, f"{prefix}DetailList")
        ),
        policies=tuple(found),
        is_last=not (source.value.get("IsTruncated") or source.value.get("NextToken")),
        source=source,
        warnings=(*warnings, *_later_versions(source)),
    )


def incomplete(pages: list[Page]) -> Iterator[Finding]:
    """Yield a finding where the last page of an export is missing."""
    if pages and not any(page.is_last for page in pages):
        message = "the export goes on: the page that ends it is missing"
        yield pages[-1].source.finding("", "INCOMPLETE_EXPORT", message)


def _items(value: Mapping[str, Any], member: str, path: str = "") -> Iterator[tuple[str, Any]]:
    for index, item in enumerate(value.get(member, [])):
        yield pointer(path, member, index), item


def _document_paths(value: Mapping[str, Any]) -> Iterator[str]:
    for prefix in _KINDS:
        for path, entity in _items(value, f"{prefix}DetailList"):
            for inline, _ in _items(entity, f"{prefix}PolicyList", path):
                yield pointer(inline, "PolicyDocument")
    for path, _ in _items(value, "RoleDetailList"):
        yield pointer(path, "AssumeRolePolicyDocument")
    for path, policy in _items(value, "Policies"):
        for version, _ in _items(policy, "PolicyVersionList", path):
            yield pointer(version, "Document")


def _entity(source: Document, prefix: str, path: str, value: Mapping[str, Any]) -> Entity:
    boundary = value.get("PermissionsBoundary")
    return Entity(
        kind=_KINDS[prefix],
        arn=value["Arn"],
        source=source,
        name_path=pointer(path, "Arn"),
        managed_policies=tuple(
            Named(attached["PolicyArn"], pointer(place, "PolicyArn"))
            for place, attached in _items(value, "AttachedManagedPolicies", path)
        ),
        inline_policies=tuple(
            Named(f"{value['Arn']}#{inline['PolicyName']}", pointer(place, "PolicyDocument"))
            for place, inline in _items(value, f"{prefix}PolicyList", path)
        ),
        permissions_boundary=boundary
        and Named(boundary["PermissionsBoundaryArn"], pointer(path, "PermissionsBoundary", "PermissionsBoundaryArn")),
        trust_policy=pointer(path, "AssumeRolePolicyDocument") if prefix == "Role" else None,
        groups=tuple(Named(name, place) for place, name in _items(value, "GroupList", path)),
        tags=tuple(Tag(tag["Key"], tag["Value"], pointer(place, "Key")) for place, tag in _items(value, "Tags", path)),
        unique_id=value.get(f"{prefix}Id"),
    )


def _policy(source: Document, path: str, value: Mapping[str, Any]) -> ManagedPolicy:
    """Return a managed policy: its default version holds, and each older one held until the next (MGD-4)."""
    by_day = {
        version["CreateDate"][:10]: Version(version["CreateDate"][:10], source, pointer(place, "Document"))
        for place, version in sorted(_versions(path, value), key=lambda item: item[1]["CreateDate"])
        if version["CreateDate"] <= _default(value)["CreateDate"]
    }
    arn, first = value["Arn"], min(by_day)
    return ManagedPolicy(
        arn=arn,
        service_linked=policies.is_service_linked(arn),
        service=None,
        created=min(value.get("CreateDate", first)[:10], first),
        versions=tuple(by_day.values()),
        source=source,
        path=pointer(path, "Arn"),
    )


def _versions(path: str, value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return _items(value, "PolicyVersionList", path)


def _default(value: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(version for version in value["PolicyVersionList"] if version["IsDefaultVersion"])
    return found


def _later_versions(source: Document) -> Iterator[Finding]:
    for path, value in _items(source.value, "Policies"):
        default = _default(value)
        for place, version in _versions(path, value):
            if version["CreateDate"] > default["CreateDate"]:
                message = f"{version['VersionId']} is without effect: {default['VersionId']} is the default (MGD-4)"
                yield source.finding(place, "VERSION_NOT_IN_EFFECT", message)
