"""bundle.yaml: what a bundle is made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from opa_iam import (
    account_export,
    aws_policies,
    catalogue,
    documents,
    library,
    organization,
    organization_export,
    policies,
    resource_policies,
    shapes,
)
from opa_iam.accounts import entities
from opa_iam.documents import pointer
from opa_iam.errors import DocumentError
from opa_iam.lint.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from opa_iam.accounts import Entity
    from opa_iam.documents import Document
    from opa_iam.errors import Finding
    from opa_iam.organization import Organization
    from opa_iam.policies import ManagedPolicy
    from opa_iam.resource_policies import ResourcePolicy

    Read = TypeVar("Read")

FILE = "bundle.yaml"
"""The name under which a project's description is looked for."""

_SHIPPED = "opa-iam:"

_ORDER = ("files", "exports", "aws")
"""Whose document of a policy holds: the first one's that has it."""


@dataclass(frozen=True)
class Project:
    """A bundle's sources, read and each well-formed.

    Attributes:
        name: the bundle's name.
        policies: the managed policies, by file name, each once.
        entities: the users, groups and roles of all accounts.
        resources: the resources of which a policy or an owner is known.
        organization: the accounts' organization.
        catalogue: the version of the service authorization reference that goes into the bundle; None for none.
        aws: the version of the distribution that AWS's managed policies are from; None for none.
        source: bundle.yaml itself.
        files: every file that the project was read from.
        warnings: what the sources have and the bundle has not.
        lint: which findings are allowed.
    """

    name: str
    policies: tuple[ManagedPolicy, ...]
    entities: tuple[Entity, ...]
    resources: tuple[ResourcePolicy, ...]
    organization: Organization | None
    catalogue: str | None
    aws: str | None
    source: Document
    files: tuple[str, ...]
    warnings: tuple[Finding, ...]

    lint: Settings

    @property
    def settings(self) -> dict[str, bool]:
        """What holds for requests that don't say otherwise."""
        return dict(self.source.value.get("settings", {}))

    @property
    def targets(self) -> frozenset[str]:
        """What the bundle carries: `rego`, and `wasm` where it is asked for."""
        return frozenset(self.source.value.get("targets", ["rego"]))

    @property
    def split(self) -> bool:
        """Whether the Rego and the data are bundles of their own."""
        return bool(self.source.value.get("split", False))

    @property
    def signing(self) -> dict[str, str] | None:
        """How the bundle is signed; None for not at all."""
        told: dict[str, str] | None = self.source.value.get("signing")
        return told


def find() -> Path:
    """Return the bundle.yaml of the current folder, else the one that ships with opa-iam."""
    here = Path(FILE)
    return here if here.is_file() else library.root() / FILE


@dataclass(frozen=True)
class Sources:
    """What a bundle is made of, found without reading it.

    Attributes:
        name: the bundle's name.
        files: bundle.yaml and every file that it names.
        versions: of the catalogue and of the distribution that AWS's managed policies are from, where it names these.
    """

    name: str
    files: tuple[str, ...]
    versions: tuple[str, ...]


def sources(file: Path) -> Sources:
    """Find what a bundle.yaml names. What it names and is not there, `read` tells.

    Raises:
        InputError: bundle.yaml can't be read.
        DocumentError: findings in it.
    """
    source = documents.read(str(file))
    shapes.require(source, "bundle")
    versions = {"catalogue": catalogue.version, "aws_managed_policies": aws_policies.version}
    return Sources(
        name=source.value["name"],
        files=(source.file, *_Reading(source).names()),
        versions=tuple(f"{member} {version()}" for member, version in versions.items() if member in source.value),
    )


def read(file: Path) -> Project:
    """Read a bundle.yaml and every file that it names.

    Raises:
        InputError: a file can't be read.
        DocumentError: findings in any of the files; all of them at once.
        EngineError: the installed distribution of AWS's policies is none that we know.
    """
    source = documents.read(str(file))
    shapes.require(source, "bundle")
    reading = _Reading(source)
    of_files = reading.policy_files()
    pages = reading.account_exports()
    resources = reading.resource_policies()
    of_organization = reading.organization()
    every = (*entities(source), *(entity for page in pages for entity in page.entities))
    found = {
        "files": of_files,
        "exports": [policy for page in pages for policy in page.policies],
        "aws": reading.aws_policies(every),
    }
    preferred = source.value.get("prefer", "files")
    merged = policies.merge(found[name] for name in sorted(_ORDER, key=lambda name: name != preferred))
    version = reading.catalogue()
    reading.findings += Settings(source).faults()
    if reading.findings:
        raise DocumentError(reading.findings)
    return Project(
        name=source.value["name"],
        policies=merged.policies,
        entities=every,
        resources=resources,
        organization=of_organization,
        catalogue=version,
        aws=aws_policies.version() if found["aws"] else None,
        source=source,
        files=(source.file, *reading.files),
        warnings=(*reading.warnings, *merged.warnings),
        lint=Settings(source),
    )


def lint_settings(source: Document) -> Settings:
    """Return how the files beside a bundle.yaml are linted.

    Raises:
        DocumentError: it is not well-formed, or allows a finding that there isn't.
    """
    shapes.require(source, "bundle")
    settings = Settings(source)
    if faults := list(settings.faults()):
        raise DocumentError(faults)
    return settings


class _Reading:
    """What bundle.yaml names, read; and what is wrong with it."""

    def __init__(self, source: Document) -> None:
        self.source = source
        self.value: Mapping[str, Any] = source.value
        self.files: list[str] = []
        self.findings: list[Finding] = []
        self.warnings: list[Finding] = []

    def names(self) -> Iterator[str]:
        """Yield the files that it names."""
        for entry in (*self.value.get("policies", []), *self.value.get("resource_policies", [])):
            yield from self._matching(entry if isinstance(entry, str) else entry["files"], "")
        for pattern in self.value.get("account_exports", []):
            yield from self._matching(pattern, "")
        if "organization" in self.value:
            place = Path(self.source.file).parent / self.value["organization"]
            yield from map(str, sorted(path for path in (place, *place.rglob("*")) if path.is_file()))

    def policy_files(self) -> list[ManagedPolicy]:
        found: list[ManagedPolicy] = []
        seen: set[str] = set()
        for index, entry in enumerate(self.value.get("policies", [])):
            path = pointer("/policies", index)
            pattern, place = (entry, path) if isinstance(entry, str) else (entry["files"], pointer(path, "files"))
            names = self._matching(pattern, place)
            found += self._each(_policy_reader(entry), [name for name in names if name not in seen])
            seen.update(names)
        self.findings += _repeated(found)
        return found

    def account_exports(self) -> list[account_export.Page]:
        found = []
        for index, pattern in enumerate(self.value.get("account_exports", [])):
            pages = self._each(account_export.read, self._matching(pattern, pointer("/account_exports", index)))
            self.findings += account_export.incomplete(pages)
            found += pages
        self.warnings += [warning for page in found for warning in page.warnings]
        return found

    def resource_policies(self) -> tuple[ResourcePolicy, ...]:
        found: list[ResourcePolicy] = []
        for index, entry in enumerate(self.value.get("resource_policies", [])):
            names = self._matching(entry["files"], pointer("/resource_policies", index, "files"))
            for read_ones in self._each(_resource_reader(entry), names):
                found += read_ones
        first: dict[str, ResourcePolicy] = {}
        for policy in found:
            if policy.arn in first:
                message = f"{first[policy.arn].source.file} tells of {policy.arn} as well"
                self.findings.append(
                    policy.source.finding(policy.path or "", "DUPLICATE_RESOURCE", message, at_key=True)
                )
            first.setdefault(policy.arn, policy)
        return tuple(found)

    def organization(self) -> Organization | None:
        if "organization" not in self.value:
            return None
        place = Path(self.source.file).parent / self.value["organization"]
        read_it = organization_export.read if place.is_dir() else organization.read
        if not place.exists():
            message = f"there is no {place}"
            self.findings.append(self.source.finding("/organization", "NO_SUCH_FILE", message))
            return None
        try:
            found = read_it(str(place))
        except DocumentError as error:
            self.findings += error.findings
            return None
        self.files += [document.file for document in found.sources]
        self.warnings += found.warnings
        return found

    def aws_policies(self, every: Iterable[Entity]) -> list[ManagedPolicy]:
        wanted = self.value.get("aws_managed_policies")
        if wanted is None:
            return []
        if aws_policies.version() is None:
            message = f"{aws_policies.SOURCE} is not installed: {aws_policies.INSTALL}"
            self.findings.append(self.source.finding("/aws_managed_policies", "AWS_POLICIES_NOT_INSTALLED", message))
            return []
        named = {reference.name for entity in every for reference in entity.references}
        return list(aws_policies.read(None if wanted == "all" else named))

    def catalogue(self) -> str | None:
        version = catalogue.version() if "catalogue" in self.value else None
        if "catalogue" in self.value and not version:
            message = f"{catalogue.SOURCE} is not installed: {catalogue.INSTALL}"
            self.findings.append(self.source.finding("/catalogue", "CATALOGUE_NOT_INSTALLED", message))
        return version

    def _each(self, read_one: Callable[[str], Read], names: Iterable[str]) -> list[Read]:
        found = []
        for name in names:
            self.files.append(name)
            try:
                found.append(read_one(name))
            except DocumentError as error:
                self.findings += error.findings
        return found

    def _matching(self, pattern: str, path: str) -> list[str]:
        """Return the files of a pattern in order; none is a finding."""
        folder, glob = Path(self.source.file).parent, pattern
        if pattern.startswith(_SHIPPED):
            folder, glob = library.root(), pattern.removeprefix(_SHIPPED)
        try:
            names = [str(file) for file in sorted(folder.glob(glob)) if file.is_file()]
        except (NotImplementedError, ValueError) as error:  # glob's own for an absolute pattern and an empty one
            self.findings.append(self.source.finding(path, "INVALID_PATTERN", f"'{pattern}': {error}"))
            return []
        if not names:
            message = f"'{pattern}' matches no file in {folder}"
            self.findings.append(self.source.finding(path, "NO_SUCH_FILE", message))
        return names


def _policy_reader(entry: str | Mapping[str, str]) -> Callable[[str], ManagedPolicy]:
    if isinstance(entry, str):
        return policies.read
    if "arn" in entry:
        return lambda name: policies.read_document(name, entry["arn"])
    folder = f"arn:{entry.get('partition', 'aws')}:iam::{entry['account']}:policy{entry.get('path', '/')}"
    return lambda name: policies.read_document(name, folder=folder)


def _resource_reader(entry: Mapping[str, str]) -> Callable[[str], tuple[ResourcePolicy, ...]]:
    return lambda name: resource_policies.read(name, entry.get("arn"), entry.get("account"))


def _repeated(found: list[ManagedPolicy]) -> Iterator[Finding]:
    first: dict[str, ManagedPolicy] = {}
    for policy in found:
        if policy.arn in first:
            message = f"{first[policy.arn].source.file} has a policy of this ARN as well"
            yield policy.source.finding(policy.path, "DUPLICATE_POLICY", message)
        first.setdefault(policy.arn, policy)
