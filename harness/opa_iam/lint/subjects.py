"""What is linted: policy documents, each with what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opa_iam.documents import pointer
from opa_iam.policies import is_of_aws

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opa_iam.accounts import Entity
    from opa_iam.documents import Document
    from opa_iam.errors import Finding
    from opa_iam.organization import Organization
    from opa_iam.policies import ManagedPolicy
    from opa_iam.project import Project
    from opa_iam.resource_policies import ResourcePolicy

TRUST_POLICY = "AWS::IAM::AssumeRolePolicyDocument"
"""The resource type that AWS gives a role's trust policy."""

# What the ARN of a resource tells of its type: the service and how the resource part begins, the first that fits.
_RESOURCE_TYPES = (
    ("s3", "accesspoint/", "AWS::S3::AccessPoint"),
    ("s3", "", "AWS::S3::Bucket"),
    ("s3-object-lambda", "accesspoint/", "AWS::S3ObjectLambda::AccessPoint"),
    ("dynamodb", "table/", "AWS::DynamoDB::Table"),
    ("kms", "key/", "AWS::KMS::Key"),
    ("lambda", "function:", "AWS::Lambda::Function"),
    ("secretsmanager", "secret:", "AWS::SecretsManager::Secret"),
    ("sns", "", "AWS::SNS::Topic"),
    ("sqs", "", "AWS::SQS::Queue"),
)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A policy document to be linted.

    Attributes:
        source: the file that it stands in.
        path: JSON Pointer to it there.
        policy_type: what it is, in the words of the Rego's `iam.document`.
        resource_type: AWS's name for the type of the resource that it is attached to; empty where that is not known.
        policy: the name or ARN of the policy; empty where it has none.
        managed: whether it is known to be a managed policy.
        guessed: whether the policy type was told by what is in the document.
    """

    source: Document
    path: str = ""
    policy_type: str
    resource_type: str = ""
    policy: str = ""
    managed: bool = False
    guessed: bool = False

    @property
    def document(self) -> Any:  # noqa: ANN401
        """The policy document itself."""
        return self.source.at(self.path)

    @property
    def size(self) -> int | None:
        """How many characters it is written in, where it is a JSON file of its own."""
        return None if self.path else self.source.size

    @property
    def is_of_aws(self) -> bool:
        """Whether it is one of AWS's managed policies."""
        return is_of_aws(self.policy)

    def statements(self) -> Iterator[tuple[dict[str, Any], str]]:
        """Yield the statements with their places; a single one has no index (LINT-1)."""
        document = self.document
        found = document.get("Statement") if isinstance(document, dict) else None
        for statement, path in placed(found, pointer(self.path, "Statement")):
            if isinstance(statement, dict):
                yield statement, path

    def finding(self, code: str, severity: str, path: str, message: str) -> Finding:
        """Return a finding on it at a place in its file."""
        return self.source.finding(path, code, message, severity=severity, policy=self.policy)


def placed(value: Any, path: str) -> Iterator[tuple[Any, str]]:  # noqa: ANN401
    """Yield a list's entries with their places, or the one value that stands for a list of it (GRAM-9)."""
    if isinstance(value, list):
        yield from ((entry, pointer(path, index)) for index, entry in enumerate(value))
    elif value is not None:
        yield value, path


def of_project(project: Project) -> tuple[Subject, ...]:
    """Return the policy documents of a project; of a managed policy the present one."""
    return (
        *of_policies(project.policies),
        *of_entities(project.entities),
        *of_resources(project.resources),
        *(of_organization(project.organization) if project.organization else ()),
    )


def of_policies(policies: Iterable[ManagedPolicy]) -> Iterator[Subject]:
    """Yield managed policies' present documents."""
    for policy in policies:
        source, path = policy.present.source, policy.present.path
        yield Subject(source=source, path=path, policy_type="identity", policy=policy.arn, managed=True)


def of_entities(entities: Iterable[Entity]) -> Iterator[Subject]:
    """Yield inline policies and trust policies."""
    for entity in entities:
        for name, path in entity.inline_policies:
            yield Subject(source=entity.source, path=path, policy_type="identity", policy=name)
        if entity.trust_policy is not None:
            yield trust_policy(entity.source, entity.trust_policy, entity.arn)


def of_resources(resources: Iterable[ResourcePolicy]) -> Iterator[Subject]:
    """Yield resources' policies."""
    for resource in resources:
        if resource.path is not None:
            yield Subject(
                source=resource.source,
                path=resource.path,
                policy_type="resource",
                resource_type=_resource_type(resource.arn),
                policy=resource.arn,
            )


def of_organization(organization: Organization) -> Iterator[Subject]:
    """Yield an organization's own control policies."""
    for control in organization.policies:
        yield Subject(
            source=control.source, path=control.path, policy_type=control.policy_type, policy=control.arn, managed=True
        )


def trust_policy(source: Document, path: str, role: str = "") -> Subject:
    """Return a role's trust policy."""
    return Subject(source=source, path=path, policy_type="role_trust", resource_type=TRUST_POLICY, policy=role)


def _resource_type(arn: str) -> str:
    service, resource = (pieces := arn.split(":", 5))[2], pieces[-1]
    return next((name for of, start, name in _RESOURCE_TYPES if of == service and resource.startswith(start)), "")
