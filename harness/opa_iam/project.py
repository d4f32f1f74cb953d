"""bundle.yaml: what a bundle is made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from opa_iam import catalogue, documents, library, policies, shapes
from opa_iam.accounts import Entity, entities
from opa_iam.documents import pointer
from opa_iam.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opa_iam.documents import Document
    from opa_iam.errors import Finding
    from opa_iam.policies import ManagedPolicy

FILE = "bundle.yaml"
"""The name under which a project's description is looked for."""

_SHIPPED = "opa-iam:"


@dataclass(frozen=True)
class Project:
    """A bundle's sources, read and each well-formed.

    Attributes:
        name: the bundle's name.
        policies: the managed policies, by file name.
        entities: the users, groups and roles of all accounts.
        catalogue: the version of the service authorization reference that goes into the bundle; None for none.
        source: bundle.yaml itself.
    """

    name: str
    policies: tuple[ManagedPolicy, ...]
    entities: tuple[Entity, ...]
    catalogue: str | None
    source: Document

    @property
    def settings(self) -> dict[str, bool]:
        """What holds for requests that don't say otherwise."""
        return dict(self.source.value.get("settings", {}))

    @property
    def targets(self) -> frozenset[str]:
        """What the bundle carries: `rego`, and `wasm` where it is asked for."""
        return frozenset(self.source.value.get("targets", ["rego"]))

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that the project was read from."""
        return (self.source.file, *(policy.source.file for policy in self.policies))


def find() -> Path:
    """Return the bundle.yaml of the current folder, else the one that ships with opa-iam."""
    here = Path(FILE)
    return here if here.is_file() else library.root() / FILE


def read(file: Path) -> Project:
    """Read a bundle.yaml and every policy file that it names.

    Raises:
        InputError: a file can't be read.
        DocumentError: findings in any of the files; all of them at once.
    """
    source = documents.read(str(file))
    shapes.require(source, "bundle")
    found: list[ManagedPolicy] = []
    findings: list[Finding] = []
    for policy_file in _files(source, findings):
        try:
            found.append(policies.read(policy_file))
        except DocumentError as error:
            findings += error.findings
    findings += _repeated(found)
    asks_for_catalogue = "catalogue" in source.value
    version = catalogue.version() if asks_for_catalogue else None
    if asks_for_catalogue and not version:
        message = f"{catalogue.SOURCE} is not installed: {catalogue.INSTALL}"
        findings.append(source.finding("/catalogue", "CATALOGUE_NOT_INSTALLED", message))
    if findings:
        raise DocumentError(findings)
    return Project(
        name=source.value["name"],
        policies=tuple(found),
        entities=tuple(entities(source.value.get("accounts", {}))),
        catalogue=version,
        source=source,
    )


def _files(source: Document, findings: list[Finding]) -> Iterator[str]:
    """Yield the policy files in order, each once; a pattern without files is a finding."""
    seen: set[str] = set()
    for index, pattern in enumerate(source.value.get("policies", [])):
        folder, glob = Path(source.file).parent, pattern
        if pattern.startswith(_SHIPPED):
            folder, glob = library.root(), pattern.removeprefix(_SHIPPED)
        try:
            files = [str(path) for path in sorted(folder.glob(glob)) if path.is_file()]
        except (NotImplementedError, ValueError) as error:
            findings.append(source.finding(pointer("/policies", index), "INVALID_PATTERN", f"'{pattern}': {error}"))
            continue
        if not files:
            message = f"'{pattern}' matches no file in {folder}"
            findings.append(source.finding(pointer("/policies", index), "NO_SUCH_FILE", message))
        yield from (file for file in files if file not in seen)
        seen.update(files)


def _repeated(found: list[ManagedPolicy]) -> Iterator[Finding]:
    first: dict[str, ManagedPolicy] = {}
    for policy in found:
        if policy.arn in first:
            message = f"{first[policy.arn].source.file} has a policy of this ARN as well"
            yield policy.source.finding("/arn", "DUPLICATE_POLICY", message)
        first.setdefault(policy.arn, policy)
