"""Managed policies as source: files with facts and history, plain documents, and what several sources say of one."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from opa_iam import documents, shapes
from opa_iam.documents import pointer
from opa_iam.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opa_iam.documents import Document
    from opa_iam.errors import Finding


@dataclass(frozen=True)
class Version:
    """One document of a managed policy (MGD-4).

    Attributes:
        since: the day from which it holds, YYYY-MM-DD; None where no history is recorded.
        source: the file that it is in.
        path: JSON Pointer to it there.
    """

    since: str | None
    source: Document
    path: str

    @property
    def document(self) -> Any:  # noqa: ANN401
        """The policy document itself."""
        return self.source.at(self.path)


@dataclass(frozen=True)
class ManagedPolicy:
    """A managed policy and the file that it was read from.

    Attributes:
        arn: the policy's ARN (MGD-1).
        service_linked: whether only a service-linked role can have it (MGD-3).
        service: that role's service, where it is known.
        created: its first day; None where no history is recorded.
        versions: oldest first; the last one is the policy's present document.
        source: the file.
        path: JSON Pointer to what makes it this policy.
    """

    arn: str
    service_linked: bool
    service: str | None
    created: str | None
    versions: tuple[Version, ...]
    source: Document
    path: str

    @property
    def name(self) -> str:
        """The policy's name: the last piece of its ARN."""
        return self.arn.rpartition("/")[2]

    @property
    def present(self) -> Version:
        """The document that holds now."""
        return self.versions[-1]


def read(file: str) -> ManagedPolicy:
    """Read a policy file.

    Raises:
        InputError: the file can't be read.
        DocumentError: it has not the shape of a policy file, or its history is out of order.
    """
    source = documents.read(file)
    shapes.require(source, "policy")
    value = source.value
    findings = [*_misplaced_service(source), *_disorder(source)]
    if findings:
        raise DocumentError(findings)
    versions = _versions(source, value.get("history", [{}]))
    return ManagedPolicy(
        arn=value["arn"],
        service_linked=_is_service_linked(source),
        service=value.get("service"),
        created=versions[0].since,
        versions=versions,
        source=source,
        path="/arn",
    )


def read_document(file: str, arn: str | None = None, folder: str = "") -> ManagedPolicy:
    """Read a file that is nothing but a policy document, JSON or YAML.

    Args:
        file: the file.
        arn: the policy's ARN; else it is told by the file's name without the ending.
        folder: what stands before that name in the ARN.

    Raises:
        InputError: the file can't be read.
        DocumentError: it is not well-formed.
    """
    source = documents.read(file)
    arn = arn or f"{folder}{PurePath(file).stem}"
    return ManagedPolicy(arn, is_service_linked(arn), None, None, (Version(None, source, ""),), source, "")


def is_service_linked(arn: str) -> bool:
    """Tell by its ARN whether only a service-linked role can have a policy (MGD-3)."""
    return ":policy/aws-service-role/" in arn


def is_of_aws(arn: str) -> bool:
    """Tell by its ARN whether a policy is one of AWS's own (MGD-1)."""
    return arn.startswith("arn:") and arn.split(":")[2:5] == ["iam", "", "aws"]


@dataclass(frozen=True)
class Merged:
    """The policies of all sources, each once.

    Attributes:
        policies: in the order of the sources.
        warnings: documents that another source's document leaves without effect.
    """

    policies: tuple[ManagedPolicy, ...]
    warnings: tuple[Finding, ...]


def merge(sources: Iterable[Iterable[ManagedPolicy]]) -> Merged:
    """Make one policy of those of the same ARN.

    The document of the first source that has the policy is the present one. What another has is a further version, from
    its day on.

    Args:
        sources: by precedence; where one has a policy twice, the newest document of it goes first.
    """
    by_arn: dict[str, list[ManagedPolicy]] = defaultdict(list)
    for policies in sources:
        of_source: dict[str, list[ManagedPolicy]] = defaultdict(list)
        for policy in policies:
            of_source[policy.arn].append(policy)
        for arn, found in of_source.items():
            by_arn[arn] += sorted(found, key=lambda policy: policy.present.since or "", reverse=True)
    warnings: list[Finding] = []
    merged = []
    for first, *others in by_arn.values():
        holds = first
        for other in others:
            holds = _joined(holds, other, warnings)
        merged.append(holds)
    return Merged(tuple(merged), tuple(warnings))


def _joined(policy: ManagedPolicy, other: ManagedPolicy, warnings: list[Finding]) -> ManagedPolicy:
    """Return a policy with another source's documents among its earlier versions."""
    versions = list(policy.versions)
    for version in other.versions:
        if any(version.document == known.document for known in versions):
            continue
        if policy.present.since and version.since and version.since < policy.present.since:
            versions.append(version)
            continue
        message = (
            f"this document of {policy.arn} ({version.since or 'no date'}) is without effect: "
            f"{policy.source.file} holds ({policy.present.since or 'no date'})"
        )
        warnings.append(version.source.finding(version.path, "OTHER_SOURCE_HOLDS", message))
    by_day = {version.since: version for version in reversed(versions)}  # of one day, the first source's
    created = min(policy.created, other.created) if policy.created and other.created else policy.created
    ordered = tuple(sorted(by_day.values(), key=lambda version: version.since or ""))
    return dataclasses.replace(policy, created=created, versions=ordered)


def _versions(source: Document, history: list[dict[str, Any]]) -> tuple[Version, ...]:
    last = len(history) - 1
    return tuple(
        Version(entry.get("date"), source, "/document" if index == last else pointer("/history", index, "document"))
        for index, entry in enumerate(history)
    )


def _is_service_linked(source: Document) -> bool:
    return bool(source.value.get("attachable_to") == "service-linked role")


def _misplaced_service(source: Document) -> Iterator[Finding]:
    if _is_service_linked(source) != is_service_linked(source.value["arn"]):
        message = "service-linked roles' policies, and only those, lie under aws-service-role/ (MGD-3)"
        yield source.finding("/attachable_to", "INVALID_ATTACHABILITY", message)


def _disorder(source: Document) -> Iterator[Finding]:
    history = source.value.get("history", [])
    for index, entry in enumerate(history):
        path, last = pointer("/history", index), index == len(history) - 1
        if index and entry["date"] <= history[index - 1]["date"]:
            yield source.finding(pointer(path, "date"), "INVALID_HISTORY", "history goes from the oldest change on")
        if last and "document" in entry:
            message = "the last change's document is the policy's `document`"
            yield source.finding(pointer(path, "document"), "INVALID_HISTORY", message, at_key=True)
        if not last and "document" not in entry:
            yield source.finding(path, "INVALID_HISTORY", "an earlier version needs its `document`")
