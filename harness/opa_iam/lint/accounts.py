"""What only the whole shows: the principals, boundaries and organization of the accounts that policies are about."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opa_iam.documents import pointer
from opa_iam.lint.subjects import placed
from opa_iam.organization import FULL_ACCESS, aws_owned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opa_iam.accounts import Entity
    from opa_iam.errors import Finding
    from opa_iam.lint.subjects import Subject
    from opa_iam.organization import Level, Organization
    from opa_iam.project import Project

_PRINCIPAL = re.compile(r"arn:[a-z-]+:(?:iam|sts)::([0-9]{12}):(user|role|assumed-role)/(?:[^*?$]*/)?([^/*?$]+)")
_ACCOUNT = re.compile(r"(?:arn:[a-z-]+:iam::)?([0-9]{12})(?::root)?|arn:[a-z-]+:(?:iam|sts)::([0-9]{12}):.*")
_SERVICE_CONTROL = "service_control"


@dataclass(frozen=True)
class _Named:
    """A principal that a statement names.

    Attributes:
        subject: the policy.
        statement: the statement.
        element: `Principal` or `NotPrincipal`.
        text: the principal as it is written.
        path: where it stands.
    """

    subject: Subject
    statement: dict[str, Any]
    element: str
    text: str
    path: str

    @property
    def account(self) -> str | None:
        """The account that it is in."""
        found = _ACCOUNT.fullmatch(self.text)
        return (found[1] or found[2]) if found else None

    def finding(self, code: str, severity: str, message: str) -> Finding:
        return self.subject.finding(code, severity, self.path, message)


def findings(project: Project, subjects: Sequence[Subject]) -> Iterator[Finding]:
    """Yield findings on the policies of a project that its accounts and its organization give rise to."""
    known = _Entities(project.entities)
    organization = project.organization
    for subject in subjects:
        if subject.policy_type in ("resource", "role_trust"):
            for named in _principals(subject):
                yield from known.findings(named)
                if organization:
                    yield from _strangers(organization, named)
    if organization:
        yield from _levels_without_allow(organization)
        yield from _out_of_reach(organization)


def _principals(subject: Subject) -> Iterator[_Named]:
    for statement, path in subject.statements():
        for element in ("Principal", "NotPrincipal"):
            block = statement.get(element)
            entries = block.get("AWS") if isinstance(block, dict) else None
            for text, place in placed(entries, pointer(path, element, "AWS")):
                if isinstance(text, str):
                    yield _Named(subject, statement, element, text, place)


class _Entities:
    """The users and roles of a project's accounts, as policies name them."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self.accounts = {entity.account for entity in entities}
        self.by_name = {(entity.account, entity.kind, entity.name.lower()): entity for entity in entities}

    def findings(self, named: _Named) -> Iterator[Finding]:
        found = _PRINCIPAL.fullmatch(named.text)
        if not found or found[1] not in self.accounts:
            return
        account, kind, name = found[1], found[2], found[3]
        if kind == "assumed-role":  # role/session: the greedy path of the expression is the role's name
            kind, name = "role", named.text.split("/")[1]
        entity = self.by_name.get((account, kind, name.lower()))
        if entity is None or (found[2] != "assumed-role" and entity.arn != named.text):
            yield self._gone(named, account, kind, name, entity)
        elif entity.permissions_boundary:
            yield from _bounded(named, entity)

    def _gone(self, named: _Named, account: str, kind: str, name: str, entity: Entity | None) -> Finding:
        names = {known: arn.arn for (of, its, known), arn in self.by_name.items() if (of, its) == (account, kind)}
        near = [entity.arn] if entity else [names[n] for n in difflib.get_close_matches(name.lower(), names, n=1)]
        message = f"the account {account} has no {kind} {named.text} (PRIN-15)"
        return named.finding("OPA_IAM_PRINCIPAL_GONE", "WARNING", message + (f"; is {near[0]} meant?" if near else ""))


def _bounded(named: _Named, entity: Entity) -> Iterator[Finding]:
    """Yield what a principal's permissions boundary does to a statement that names it."""
    effect = named.statement.get("Effect")
    if named.element == "NotPrincipal" and effect == "Deny":
        message = f"{entity.name} has a permissions boundary, so that it is denied although it is exempted (PRIN-23)"
        yield named.finding("OPA_IAM_NOTPRINCIPAL_WITH_BOUNDARY", "WARNING", message)
    is_own = named.subject.policy_type == "resource" and entity.account in _owner(named.subject)
    if is_own and named.element == "Principal" and effect == "Allow" and ":role/" in named.text:
        message = (
            f"what {entity.name} may do here is capped by its permissions boundary; a grant to its session "
            "would not be (PB-4)"
        )
        yield named.finding("OPA_IAM_RESOURCE_POLICY_OF_ROLE_ONLY", "SUGGESTION", message)


def _owner(subject: Subject) -> tuple[str, ...]:
    """Return the account that a resource's ARN names."""
    return tuple(filter(None, subject.policy.split(":")[4:5]))


def _strangers(organization: Organization, named: _Named) -> Iterator[Finding]:
    inside = {member.id for member in organization.members}
    statement = named.statement
    if (
        named.subject.policy_type == "role_trust"
        and (named.element, statement.get("Effect")) == ("Principal", "Allow")
        and named.account is not None
        and named.account not in inside
        and "sts:externalid" not in _keys(statement)
    ):
        message = f"the account {named.account} is not of the organization: ask it for an external id (TRUST-3)"
        yield named.finding("OPA_IAM_TRUST_WITHOUT_EXTERNAL_ID", "SUGGESTION", message)


def _keys(statement: dict[str, Any]) -> set[str]:
    """Return a statement's condition keys in lower case."""
    blocks = statement.get("Condition")
    values = blocks.values() if isinstance(blocks, dict) else ()
    return {key.lower() for block in values if isinstance(block, dict) for key in block}


def _levels(organization: Organization) -> Iterator[Level]:
    """Yield every root, unit and account, each once; the management account apart, which nothing binds (SCP-5)."""
    seen = {organization.management_account}
    for member in organization.members:
        for level in member.levels:
            if level.id not in seen:
                seen.add(level.id)
                yield level


def _levels_without_allow(organization: Organization) -> Iterator[Finding]:
    granting = {policy.arn for policy in organization.policies if _allows(policy.source.at(policy.path))}
    granting.add(aws_owned(_SERVICE_CONTROL))
    for level in _levels(organization):
        if granting.isdisjoint(level.policies[_SERVICE_CONTROL]):
            message = f"no service control policy of {level.id} allows anything, so that nothing below it may (SCP-2)"
            yield level.finding(_SERVICE_CONTROL, "OPA_IAM_SCP_LEVEL_WITHOUT_ALLOW", "WARNING", message)


def _allows(document: Any) -> bool:  # noqa: ANN401
    found = document.get("Statement") if isinstance(document, dict) else None
    return any(isinstance(entry, dict) and entry.get("Effect") == "Allow" for entry, _ in placed(found, ""))


def _out_of_reach(organization: Organization) -> Iterator[Finding]:
    """Yield a finding where control policies are attached to the management account itself."""
    own = [level for member in organization.members for level in member.levels[-1:]]
    for level in own:
        if level.id == organization.management_account:
            for policy_type in FULL_ACCESS:
                if set(level.policies[policy_type]) - {aws_owned(policy_type)}:
                    message = f"{level.id} is the management account, which no control policy binds (SCP-5, RCP-3)"
                    yield level.finding(policy_type, "OPA_IAM_GUARDRAIL_CANNOT_REACH", "SUGGESTION", message)
