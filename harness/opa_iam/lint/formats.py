"""The lint's findings for machines: JSON, SARIF 2.1.0, JUnit XML, annotations of GitHub's workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opa_iam import finding_formats, report
from opa_iam.finding_formats import LEVELS, Checker
from opa_iam.lint import codes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opa_iam.errors import Finding
    from opa_iam.lint.checks import Report


def to_json(found: Report) -> str:
    """Return a report as `{"findings": […]}`."""
    return report.to_json({"findings": [_object(finding) for finding in found.findings]})


def _object(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "path": finding.path,
        "message": finding.message,
        "mend": finding.mend or None,
        "learn_more": codes.learn_more(finding.code),
        "locations": [place._asdict() for place in finding.places],
    }


def to_sarif(found: Report) -> str:
    """Return a report as SARIF 2.1.0."""
    return finding_formats.to_sarif(found.findings, _checker(found))


def to_junit(found: Report) -> str:
    """Return a report as JUnit XML."""
    return finding_formats.to_junit(found.findings, _checker(found))


def to_github(found: Report) -> str:
    """Return a report as commands of GitHub's workflows."""
    return finding_formats.to_github(found.findings)


def _checker(found: Report) -> Checker:
    return Checker("opa-iam lint", rule, f"{found.count} documents without findings")


def rule(name: str) -> dict[str, Any]:
    """Return SARIF's reportingDescriptor of a code."""
    code = codes.every().get(name)
    found: dict[str, Any] = {"id": name, "shortDescription": {"text": code.title if code else name}}
    if (link := codes.learn_more(name)) is not None:
        found["helpUri"] = link
    if code:
        found["defaultConfiguration"] = {"level": LEVELS[code.severity]}
        found["properties"] = {"tags": ["security"] if code.severity == "SECURITY_WARNING" else ["policy"]}
    return found


FORMATS = {"json": to_json, "sarif": to_sarif, "junit": to_junit, "github": to_github}
"""How a report is written, by the name of the format."""


def counts(findings: Iterable[Finding]) -> str:
    """Return how many findings there are of each severity, in words."""
    every = [finding.severity for finding in findings]
    parts = [f"{every.count(name)} {_words(name, every.count(name))}" for name in codes.SEVERITIES if name in every]
    return ", ".join(parts) or "no findings"


def _words(severity: str, count: int) -> str:
    return severity.lower().replace("_", " ") + ("s" if count > 1 else "")
