"""From sources to the data that the Rego decides with: `data.iam.policies`, `data.iam.index`, `data.iam.account`.

Where bundle.yaml names them, `data.iam.organization` and, of a catalogue, `data.iam.reference` as well.

Documents are lowered by the Rego library itself (`iam.document`), so that a stored policy means what the same document
means inline. Nothing here looks at the clock, the machine or the order of a directory: equal sources give equal data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from opa_iam import catalogue, json_bytes, lowering, quick, routes
from opa_iam.attachments import Attachments
from opa_iam.errors import DocumentError
from opa_iam.expansion import Expansion
from opa_iam.lint import checks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from opa_iam.documents import Document
    from opa_iam.errors import Finding
    from opa_iam.policies import ManagedPolicy, Version
    from opa_iam.project import Project

Data = dict[str, Any]
"""A tree under `data.iam`."""

_Key = tuple[str, str]  # a policy and the day from which the document holds


class _Origin(NamedTuple):
    """A policy document and where it stands."""

    source: Document
    path: str
    policy_type: str = "identity"


def compile_project(project: Project) -> Data:
    """Return the compiled data of a project.

    Raises:
        DocumentError: findings in the policy documents or in the attachments; all of them at once.
        EngineError: the documents can't be lowered.
    """
    attachments = Attachments.of(project)
    others = {
        **_inline_origins(project),
        **_trust_origins(project),
        **_resource_origins(project),
        **_control_origins(project),
    }
    origins = {**_managed_origins(project.policies), **others}
    lowered = _lower(origins)
    problems = [finding for key in origins for finding in _problems(origins[key], lowered[key])]
    findings = [*attachments.findings, *problems, *checks.errors(project, problems)]
    if findings:
        raise DocumentError(findings)
    reference = catalogue.reference() if project.catalogue else {"keys": {}, "services": {}}
    expansion = Expansion(reference["services"])
    stored = {
        key: quick.checked(expansion.of({name: result[name] for name in ("actions", "statements")}), reference["keys"])
        for key, result in lowered.items()
    }
    data: Data = {
        "account": {"principals": attachments.principals, "resources": _resources(project)},
        "policies": {
            **{policy.arn: _managed(policy, stored) for policy in project.policies},
            **_superseded(project.policies, stored),
            **{name: _single(origin, stored[name, ""]) for (name, _), origin in others.items()},
        },
        "settings": project.settings,
    }
    if project.organization:
        data["organization"] = project.organization.compiled
    data["index"] = {
        "policy_names": attachments.policy_names,
        "roles": attachments.roles,
        **routes.of(data),
    }
    if project.catalogue:
        data["reference"] = catalogue.reference()
    return data


def files(data: Data) -> dict[str, bytes]:
    """Return data as OPA reads it from a bundle: a file `iam/NAME/data.json` for each name."""
    return {f"iam/{name}/data.json": json_bytes.dumps(value, readable=True) for name, value in data.items()}


def write(data: Data, folder: Path) -> None:
    """Write the files of data below a folder."""
    for name, content in files(data).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def read(folder: Path) -> Data:
    """Return the data that was written into a folder."""
    return {file.parent.name: json_bytes.loads(file.read_bytes()) for file in (folder / "iam").glob("*/data.json")}


def _managed_origins(policies: Iterable[ManagedPolicy]) -> dict[_Key, _Origin]:
    return {
        (policy.arn, version.since or ""): _Origin(version.source, version.path)
        for policy in policies
        for version in policy.versions
    }


def _inline_origins(project: Project) -> dict[_Key, _Origin]:
    return {
        (name, ""): _Origin(entity.source, path) for entity in project.entities for name, path in entity.inline_policies
    }


def _trust_origins(project: Project) -> dict[_Key, _Origin]:
    return {
        (entity.arn, ""): _Origin(entity.source, entity.trust_policy, "role_trust")
        for entity in project.entities
        if entity.trust_policy is not None
    }


def _resource_origins(project: Project) -> dict[_Key, _Origin]:
    return {
        (resource.arn, ""): _Origin(resource.source, resource.path, "resource")
        for resource in project.resources
        if resource.path is not None
    }


def _control_origins(project: Project) -> dict[_Key, _Origin]:
    policies = project.organization.policies if project.organization else ()
    return {(policy.arn, ""): _Origin(policy.source, policy.path, policy.policy_type) for policy in policies}


def _lower(origins: dict[_Key, _Origin]) -> dict[_Key, Data]:
    documents = ((origin.source.at(origin.path), origin.policy_type) for origin in origins.values())
    return dict(zip(origins, lowering.of(documents), strict=True))


def _problems(origin: _Origin, lowered: Data) -> Iterator[Finding]:
    for problem in lowered["problems"]:
        if "lint" in problem:
            continue  # IAM takes it
        path = origin.path + problem["path"]
        yield origin.source.finding(path, problem["code"], problem["message"], at_key=problem.get("at_key", False))


def _single(origin: _Origin, stored: Data) -> Data:
    """Return a policy without versions; no type is told of identity policies, which serve as others too (MGD-6)."""
    of_type = {} if origin.policy_type == "identity" else {"policy_type": origin.policy_type}
    return {**of_type, **stored}


def _resources(project: Project) -> Data:
    return {resource.arn: {"account": resource.account} if resource.account else {} for resource in project.resources}


def _managed(policy: ManagedPolicy, stored: dict[_Key, Data]) -> Data:
    *earlier, present = policy.versions
    compiled: Data = {**stored[policy.arn, present.since or ""]}
    if policy.service_linked:
        compiled["attachable_to"] = "service-linked-role"
        if policy.service:
            compiled["service"] = policy.service
    if present.since:
        compiled["created"] = policy.created
        compiled["since"] = present.since
        if policy.created != policy.versions[0].since:
            compiled["recorded"] = policy.versions[0].since
        compiled["earlier"] = [
            {"policy": _version_name(policy, old), "since": old.since, "until": new.since}
            for old, new in zip(earlier, policy.versions[1:], strict=True)
        ]
    return compiled


def _superseded(policies: Iterable[ManagedPolicy], stored: dict[_Key, Data]) -> Data:
    """Return the earlier versions of managed policies, each under a name of its own."""
    return {
        _version_name(policy, version): {"policy_type": "superseded", **stored[policy.arn, version.since or ""]}
        for policy in policies
        for version in policy.versions[:-1]
    }


def _version_name(policy: ManagedPolicy, version: Version) -> str:
    return f"{policy.arn}@{version.since}"
