"""Files to be linted: what kind each is, and the policy documents in it."""

from __future__ import annotations

import glob
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opa_iam import account_export, documents, organization, policies, resource_policies
from opa_iam.errors import DocumentError, Finding, InputError
from opa_iam.lint import subjects
from opa_iam.lint.subjects import TRUST_POLICY, Subject, placed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from opa_iam.documents import Document

TYPES = {
    "IDENTITY_POLICY": "identity",
    "RESOURCE_POLICY": "resource",
    "SERVICE_CONTROL_POLICY": "service_control",
    "RESOURCE_CONTROL_POLICY": "resource_control",
    "identity": "identity",
    "permissions_boundary": "permissions_boundary",
    "session": "session",
    "resource": "resource",
    "role_trust": "role_trust",
    "service_control": "service_control",
    "resource_control": "resource_control",
    "vpc_endpoint": "vpc_endpoint",
}
"""The policy types in AWS's words and in ours."""

_ENDINGS = (".json", ".yaml", ".yml")

# Where the AWS CLI's answers have a policy, and of which type it is; None where that has to be told by the document.
_PRINTED: dict[str, str | None] = {
    "/PolicyVersion/Document": "identity",
    "/PolicyDocument": "identity",
    "/Role/AssumeRolePolicyDocument": "role_trust",
    "/Policy/Content": None,
    "/Policy": None,
    "/ResourcePolicy": None,
    "/Attributes/Policy": None,
}


@dataclass
class Inputs:
    """What files hold.

    Attributes:
        subjects: the policy documents.
        cases: the case files.
        projects: the files that are a bundle.yaml.
        findings: what can't be read.
        skipped: the files of a folder in which there is nothing like a policy.
    """

    subjects: list[Subject] = field(default_factory=list)
    cases: list[Document] = field(default_factory=list)
    projects: list[Document] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def read(names: Iterable[str], policy_type: str | None = None, resource_type: str | None = None) -> Inputs:
    """Read files, folders and globs.

    Args:
        names: what the user named; `-` is standard input.
        policy_type: what the policies are, where their files don't say; else it is told by what is in them.
        resource_type: AWS's name for the type of the resource that they are attached to.

    Raises:
        InputError: there is no such file, or it can't be read.
    """
    inputs = Inputs()
    for name, is_named in named(names, _ENDINGS):
        found = _read(name, inputs, is_named=is_named)
        if found is not None:
            _sort_in(found, inputs, is_named=is_named)
    given = _given_type(policy_type, resource_type)
    inputs.subjects = [_typed(subject, given, resource_type or "") for subject in inputs.subjects]
    return inputs


def named(names: Iterable[str], endings: Collection[str]) -> Iterator[tuple[str, bool]]:
    """Yield the files that a user means, each with whether it was named itself.

    Args:
        names: files, folders, globs; `-` is standard input.
        endings: those of the files that are meant in a folder.

    Raises:
        InputError: there is no such file.
    """
    for name in names:
        if name == "-" or Path(name).is_file():
            yield name, True
        elif Path(name).is_dir():
            yield from ((str(file), False) for file in _below(Path(name), endings))
        elif found := sorted(file for file in glob.glob(name, recursive=True) if Path(file).is_file()):  # noqa: PTH207 - the pattern may be absolute
            yield from ((file, False) for file in found)
        else:
            raise InputError(f"{name}: there is no such file")


def _below(folder: Path, endings: Collection[str]) -> list[Path]:
    """Return a folder's files of some endings; what is hidden stays so."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.suffix in endings
        and file.is_file()
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )


def _read(name: str, inputs: Inputs, *, is_named: bool) -> Document | None:
    """Read a file, or say why it can't be read; of a folder's files only of those that may be policies."""
    try:
        return documents.read(name)
    except DocumentError as error:
        findings = [*map(unread, error.findings)]
    except InputError as error:
        if isinstance(error.__cause__, OSError):
            raise
        findings = [Finding(name, 1, 1, "", "JSON_SYNTAX_ERROR", str(error))]
    if is_named or b"statement" in Path(name).read_bytes().lower():
        inputs.findings += findings
    else:
        inputs.skipped.append(name)
    return None


def unread(finding: Finding) -> Finding:
    """Return a parser's finding under the code that AWS has for every text that is no JSON."""
    if finding.code != "YAML_SYNTAX_ERROR":
        return finding
    return replace(finding, code="JSON_SYNTAX_ERROR", message=f"not YAML either: {finding.message}")


def _sort_in(source: Document, inputs: Inputs, *, is_named: bool) -> None:
    value = source.value
    try:
        if _is_project(value):
            inputs.projects.append(source)
        elif _is_case_file(value):
            inputs.cases.append(source)
        elif (reader := _reader(value)) is not None:
            inputs.subjects += reader(source.file)
        elif (printed := _printed(source)) is not None:
            inputs.subjects.append(printed)
        elif is_named or _is_policy(value):
            inputs.subjects.append(Subject(source=source, policy_type=""))
        else:
            inputs.skipped.append(source.file)
    except DocumentError as error:
        inputs.findings += error.findings


def _is_policy(value: Any) -> bool:  # noqa: ANN401
    """Tell whether a value is meant as a policy, whatever its capitals."""
    return isinstance(value, dict) and any(name.lower() == "statement" for name in value)


def _is_project(value: Any) -> bool:  # noqa: ANN401
    others = {"accounts", "account_exports", "aws_managed_policies", "policies", "resource_policies"}
    return isinstance(value, dict) and "name" in value and not others.isdisjoint(value)


def _is_case_file(value: Any) -> bool:  # noqa: ANN401
    cases = value.get("cases") if isinstance(value, dict) else value
    return (
        isinstance(cases, list) and all(isinstance(case, dict) and "request" in case for case in cases) and cases != []
    )


def _reader(value: Any) -> Callable[[str], Iterable[Subject]] | None:  # noqa: ANN401
    """Return what reads the policies out of a file that has them with more."""
    names = value.keys() if isinstance(value, dict) else set()
    if {"arn", "document"} <= names:
        return lambda file: subjects.of_policies([policies.read(file)])
    if {"management_account", "roots"} <= names:
        return lambda file: subjects.of_organization(organization.read(file))
    if {"RoleDetailList", "UserDetailList", "GroupDetailList"} & names:
        return _of_export
    if names and all(name.startswith("arn:") for name in names):
        return lambda file: subjects.of_resources(resource_policies.read(file))
    return None


def _of_export(file: str) -> Iterator[Subject]:
    page = account_export.read(file)
    yield from subjects.of_policies(page.policies)
    yield from subjects.of_entities(page.entities)


def _printed(source: Document) -> Subject | None:
    """Return the policy in what the AWS CLI printed."""
    if _is_policy(source.value):
        return None
    for path, policy_type in _PRINTED.items():
        if isinstance(_at(source.value, path), str | dict):
            parsed = documents.with_parsed(source, [path])
            return Subject(source=parsed, path=path, policy_type=policy_type or "")
    return None


def _at(value: Any, path: str) -> Any:  # noqa: ANN401
    for step in path.split("/")[1:]:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _given_type(policy_type: str | None, resource_type: str | None) -> str | None:
    if policy_type is None:
        return "role_trust" if resource_type == TRUST_POLICY else "resource" if resource_type else None
    return "role_trust" if (TYPES[policy_type], resource_type) == ("resource", TRUST_POLICY) else TYPES[policy_type]


def _typed(subject: Subject, given: str | None, resource_type: str) -> Subject:
    """Return a subject with its type: the file's, the user's, or what the document looks like."""
    known = subject.policy_type if subject.policy or not given else given
    policy_type = known or _guess(subject)
    if policy_type == "role_trust":
        resource_type = TRUST_POLICY
    return replace(
        subject,
        policy_type=policy_type,
        resource_type=subject.resource_type or resource_type,
        guessed=not known,
    )


def _guess(subject: Subject) -> str:
    """Return what a document looks like: who it names tells a resource's policy, and what they may do a role's."""
    statements = [statement for statement, _ in subject.statements()]
    if not any({"Principal", "NotPrincipal"} & statement.keys() for statement in statements):
        return "identity"
    names_resources = any({"Resource", "NotResource"} & statement.keys() for statement in statements)
    return "role_trust" if not names_resources or all(map(_is_of_sts, statements)) else "resource"


def _is_of_sts(statement: Mapping[str, Any]) -> bool:
    actions = [action for name in ("Action", "NotAction") for action, _ in placed(statement.get(name), "")]
    return bool(actions) and all(isinstance(action, str) and action.lower().startswith("sts:") for action in actions)
