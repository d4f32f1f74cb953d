"""Which policies each user and role of the accounts has, and whether AWS would let it have them."""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opa_iam.policies import is_of_aws

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from opa_iam.accounts import Entity
    from opa_iam.errors import Finding
    from opa_iam.policies import ManagedPolicy
    from opa_iam.project import Project


@dataclass(frozen=True)
class Attachments:
    """The attachments of a project, resolved.

    Attributes:
        principals: by ARN of a user or role, its `policies` and `permissions_boundary` (names in `data.iam.policies`),
            its `tags` and its `unique_id`.
        policy_names: the managed policies' ARNs by name.
        roles: the roles' ARNs by partition/account/name in lower case, which a session's ARN tells.
        findings: what AWS would refuse.
    """

    principals: Mapping[str, Any]
    policy_names: Mapping[str, list[str]]
    roles: Mapping[str, str]
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, project: Project) -> Attachments:
        """Resolve the attachments of a project's accounts."""
        resolution = _Resolution(project)
        return cls(
            principals=dict(resolution.principals()),
            policy_names=resolution.names,
            roles={
                f"{entity.partition}/{entity.account}/{entity.name.lower()}": entity.arn
                for entity in project.entities
                if entity.kind == "role"
            },
            findings=tuple(resolution.findings()),
        )


class _Resolution:
    """The policies and entities of a project, by the names that they go under."""

    def __init__(self, project: Project) -> None:
        self.entities = project.entities
        self.policies = {policy.arn: policy for policy in project.policies}
        self.names = _arns_by_name(project.policies)
        self.groups = {(e.account, e.name.lower()): e for e in project.entities if e.kind == "group"}

    def principals(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for entity in self.entities:
            if entity.kind != "group":
                yield entity.arn, dict(self._principal(entity))

    def findings(self) -> Iterator[Finding]:
        taken: set[tuple[str, str, str]] = set()
        for entity in self.entities:
            identity = (entity.account, entity.kind, entity.name.lower())
            if identity in taken:
                message = f"the account has a {entity.kind} of this name already; case does not count"
                yield entity.source.finding(entity.name_path, "DUPLICATE_NAME", message)
            taken.add(identity)
            yield from self._managed_findings(entity)
            yield from _service_linked_findings(entity)
            yield from self._group_findings(entity)
            yield from _tag_findings(entity)

    def _principal(self, entity: Entity) -> Iterator[tuple[str, Any]]:
        yield "policies", list(dict.fromkeys(self._policies(entity)))
        if entity.tags:
            yield "tags", {tag.name: tag.value for tag in entity.tags}
        if entity.unique_id:
            yield "unique_id", entity.unique_id
        for arn in self._arns(entity.permissions_boundary.name) if entity.permissions_boundary else ():
            yield "permissions_boundary", arn

    def _policies(self, entity: Entity) -> Iterator[str]:
        """Yield the names of a principal's identity policies, those of its groups among them (EVAL-4)."""
        for reference, _ in entity.managed_policies:
            yield from self._arns(reference)
        for name, _ in entity.inline_policies:
            yield name
        for group, _ in entity.groups:
            if found := self.groups.get((entity.account, group.lower())):
                yield from self._policies(found)

    def _arns(self, reference: str) -> list[str]:
        return [reference] if reference in self.policies else self.names.get(reference, [])

    def _managed_findings(self, entity: Entity) -> Iterator[Finding]:
        for reference, path in entity.references:
            arns = self._arns(reference)
            if len(arns) == 1:
                yield from _refusals(entity, self.policies[arns[0]], path)
            elif arns:
                message = f"several policies have this name; give an ARN: {', '.join(arns)}"
                yield entity.source.finding(path, "AMBIGUOUS_POLICY", message)
            else:
                namesakes = self.names.get(reference.rpartition("/")[2])
                near = namesakes or difflib.get_close_matches(reference, [*self.names, *self.policies], n=1)
                message = f"no policy has the name or ARN {reference}" + (f"; is {near[0]} meant?" if near else "")
                code = "OPA_IAM_POLICY_UNKNOWN" if is_of_aws(reference) else "UNKNOWN_POLICY"
                yield entity.source.finding(path, code, message, policy=entity.arn)

    def _group_findings(self, entity: Entity) -> Iterator[Finding]:
        for group, path in entity.groups:
            if (entity.account, group.lower()) not in self.groups:
                yield entity.source.finding(path, "UNKNOWN_GROUP", f"the account has no group {group}")


def _refusals(entity: Entity, policy: ManagedPolicy, path: str) -> Iterator[Finding]:
    partition, owner = policy.arn.split(":")[1], policy.arn.split(":")[4]
    if policy.service_linked and not _is_its_role(entity, policy):
        whose = f"the service-linked role of {policy.service or 'its service'}"
        message = (
            f"AWS refuses to attach {policy.name} to the {entity.kind} {entity.name} (PolicyNotAttachable): "
            f"a service role policy can only be attached to {whose} (MGD-3)"
        )
        yield entity.source.finding(path, "OPA_IAM_POLICY_NOT_ATTACHABLE", message, policy=policy.arn)
    if ":policy/root-task/" in policy.arn:
        message = f"{policy.name} is for tasks of a root user alone, and attached to nobody (MGD-3)"
        yield entity.source.finding(path, "OPA_IAM_POLICY_NOT_ATTACHABLE", message, policy=policy.arn)
    if partition != entity.partition:
        message = f"{policy.name} is of the partition {partition}, the account of {entity.partition} (MGD-2)"
        yield entity.source.finding(path, "OPA_IAM_POLICY_OF_OTHER_PARTITION", message, policy=policy.arn)
    if owner not in ("aws", entity.account):
        message = f"{policy.name} belongs to the account {owner} and can be attached only there (MGD-1)"
        yield entity.source.finding(path, "OPA_IAM_POLICY_NOT_ATTACHABLE", message, policy=policy.arn)


def _service_linked_findings(entity: Entity) -> Iterator[Finding]:
    if entity.service_link:
        boundary = (entity.permissions_boundary,) if entity.permissions_boundary else ()
        for _, path in (*entity.inline_policies, *boundary):
            message = f"the role {entity.name} is service-linked: only its service changes its policies (IAM-3)"
            yield entity.source.finding(path, "UNMODIFIABLE_ENTITY", message, at_key=True)


def _tag_findings(entity: Entity) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for name, _, path in entity.tags:
        other = first.setdefault(name.lower(), name)
        if other != name:
            message = f"'{other}' and '{name}' are the same tag: a tag's name compares without regard to case"
            yield entity.source.finding(path, "DUPLICATE_TAG_KEY", message, at_key=True)


def _is_its_role(entity: Entity, policy: ManagedPolicy) -> bool:
    return entity.service_link is not None and policy.service in (None, entity.service_link)


def _arns_by_name(policies: Iterable[ManagedPolicy]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = defaultdict(list)
    for policy in policies:
        names[policy.name].append(policy.arn)
    return {name: sorted(arns) for name, arns in names.items()}
