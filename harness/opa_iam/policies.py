"""Managed policies as source: one YAML or JSON file each, with the document, its facts and its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opa_iam import documents, shapes
from opa_iam.documents import pointer
from opa_iam.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opa_iam.documents import Document
    from opa_iam.errors import Finding


@dataclass(frozen=True)
class Version:
    """One document of a managed policy (MGD-4).

    Attributes:
        since: the day from which it holds, YYYY-MM-DD; None where no history is recorded.
        path: JSON Pointer to the document in the policy's file.
    """

    since: str | None
    path: str


@dataclass(frozen=True)
class ManagedPolicy:
    """A managed policy and the file that it was read from.

    Attributes:
        arn: the policy's ARN (MGD-1).
        service_linked: whether only a service-linked role can have it (MGD-3).
        service: that role's service, where it is known.
        versions: oldest first; the last one is the policy's present document.
    """

    arn: str
    service_linked: bool
    service: str | None
    versions: tuple[Version, ...]
    source: Document

    @property
    def name(self) -> str:
        """The policy's name: the last piece of its ARN."""
        return self.arn.rpartition("/")[2]


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
    return ManagedPolicy(
        arn=value["arn"],
        service_linked=_is_service_linked(source),
        service=value.get("service"),
        versions=_versions(value.get("history", [{}])),
        source=source,
    )


def _versions(history: list[dict[str, Any]]) -> tuple[Version, ...]:
    last = len(history) - 1
    return tuple(
        Version(entry.get("date"), "/document" if index == last else pointer("/history", index, "document"))
        for index, entry in enumerate(history)
    )


def _is_service_linked(source: Document) -> bool:
    return bool(source.value.get("attachable_to") == "service-linked role")


def _misplaced_service(source: Document) -> Iterator[Finding]:
    if _is_service_linked(source) != (":policy/aws-service-role/" in source.value["arn"]):
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
