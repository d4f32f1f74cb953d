"""bundle.yaml's `lint`: findings that are allowed, each with a reason, and services that the reference doesn't know."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opa_iam.documents import pointer
from opa_iam.errors import InputError
from opa_iam.lint import codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from opa_iam.documents import Document
    from opa_iam.errors import Finding


@dataclass(frozen=True)
class Settings:
    """How a project is linted.

    Attributes:
        source: bundle.yaml; None where nothing is set.
        allowed: the codes of findings that are allowed wherever they are.
    """

    source: Document | None = None
    allowed: frozenset[str] = frozenset()

    def allowing(self, more: Iterable[str]) -> Settings:
        """Return the settings with more codes that are allowed."""
        return replace(self, allowed=self.allowed | frozenset(more))

    @property
    def extra_services(self) -> tuple[str, ...]:
        """The prefixes of services that the reference doesn't know."""
        return tuple(self._value.get("extra_services", ()))

    @property
    def allowed_everywhere(self) -> frozenset[str]:
        """The codes of findings that are allowed whatever the policy and the file."""
        told = (each["code"] for _, each in self._exceptions() if each.keys().isdisjoint({"file", "policy"}))
        return self.allowed | codes.expand(told)

    def faults(self) -> Iterator[Finding]:
        """Yield the exceptions whose code there isn't."""
        for path, exception in self._exceptions():
            try:
                codes.expand([exception["code"]])
            except InputError as error:
                yield self._finding(pointer(path, "code"), "UNKNOWN_CODE", "ERROR", str(error))

    def kept(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings that are not allowed."""
        return [finding for finding in findings if not self._is_allowed(finding)]

    def unused(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the exceptions that allow none of the findings."""
        every = list(findings)
        for path, exception in self._exceptions():
            if not any(self._covers(exception, finding) for finding in every):
                message = f"there is no finding {exception['code']} here to be allowed: the exception can go"
                yield self._finding(path, "OPA_IAM_UNUSED_EXCEPTION", "WARNING", message)

    @property
    def _value(self) -> Mapping[str, Any]:
        value: Mapping[str, Any] = self.source.value.get("lint", {}) if self.source else {}
        return value

    def _exceptions(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        for index, exception in enumerate(self._value.get("allow_findings", ())):
            yield pointer("/lint/allow_findings", index), exception

    def _is_allowed(self, finding: Finding) -> bool:
        return finding.code in self.allowed or any(self._covers(each, finding) for _, each in self._exceptions())

    def _covers(self, exception: Mapping[str, str], finding: Finding) -> bool:
        return (
            finding.code in codes.expand([exception["code"]])
            and _is_named(exception.get("policy"), finding.policy)
            and self._is_file(exception.get("file"), finding.file)
        )

    def _is_file(self, pattern: str | None, file: str) -> bool:
        folder = Path(self.source.file).parent if self.source else Path()
        return pattern is None or fnmatchcase(Path(os.path.relpath(file, folder)).as_posix(), pattern)

    def _finding(self, path: str, code: str, severity: str, message: str) -> Finding:
        if self.source is None:
            raise AssertionError("exceptions stand in a file")
        return self.source.finding(path, code, message, severity=severity)


def _is_named(name: str | None, policy: str) -> bool:
    """Tell whether an exception's policy is this one: its ARN, or what comes last in it."""
    return name is None or name == policy or (policy != "" and name == policy.rpartition("/")[2])
