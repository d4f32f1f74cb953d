"""Findings for machines: JSON, SARIF 2.1.0, JUnit XML, annotations of GitHub's workflows."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from opa_iam import __version__, report
from opa_iam.lint import codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from opa_iam.errors import Finding, Location
    from opa_iam.lint.checks import Report

_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_SARIF_LEVELS = {"ERROR": "error", "SECURITY_WARNING": "warning", "WARNING": "warning", "SUGGESTION": "note"}
_GITHUB_COMMANDS = {"ERROR": "error", "SECURITY_WARNING": "warning", "WARNING": "warning", "SUGGESTION": "notice"}


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
    """Return a report as SARIF 2.1.0, with a rule for each code that was found."""
    names = sorted({finding.code for finding in found.findings})
    driver = {
        "name": "opa-iam",
        "semanticVersion": __version__,
        "rules": [_rule(name) for name in names],
    }
    results = [_result(finding, names) for finding in found.findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _rule(name: str) -> dict[str, Any]:
    code = codes.every().get(name)
    rule: dict[str, Any] = {"id": name, "shortDescription": {"text": code.title if code else name}}
    if (link := codes.learn_more(name)) is not None:
        rule["helpUri"] = link
    if code:
        rule["defaultConfiguration"] = {"level": _SARIF_LEVELS[code.severity]}
        rule["properties"] = {"tags": ["security"] if code.severity == "SECURITY_WARNING" else ["policy"]}
    return rule


def _result(finding: Finding, names: Sequence[str]) -> dict[str, Any]:
    first, *others = [_location(finding.file, place) for place in finding.places]
    text = f"{finding.message}. Instead: {finding.mend}" if finding.mend else finding.message
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": names.index(finding.code),
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [first],
        "partialFingerprints": {"opaIamFinding/v1": _fingerprint(finding)},
        "properties": {"severity": finding.severity},
    }
    if others:
        result["relatedLocations"] = [{"id": number, **other} for number, other in enumerate(others, 1)]
    return result


def _location(file: str, place: Location) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(file)}}
    if place.line:
        physical["region"] = {"startLine": place.line, "startColumn": place.column}
    location: dict[str, Any] = {"physicalLocation": physical}
    if place.path:
        location["logicalLocations"] = [{"fullyQualifiedName": place.path}]
    return location


def _uri(file: str) -> str:
    """Return a relative reference, or a URI for an absolute path; standard input has neither."""
    from urllib.parse import quote  # noqa: PLC0415 - needed here alone

    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote("stdin" if file == "-" else path.as_posix())


def _fingerprint(finding: Finding) -> str:
    """Return what stays when a file's other parts move: the code, the file, the pointer and the message."""
    parts = (finding.code, _uri(finding.file), finding.path, finding.message)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def to_junit(found: Report) -> str:
    """Return a report as JUnit XML: a suite for each file, a case for each finding, of which errors have failed."""
    suites = ET.Element("testsuites", name="opa-iam lint")
    for file in dict.fromkeys(finding.file for finding in found.findings):
        own = [finding for finding in found.findings if finding.file == file]
        failures = sum(finding.severity == "ERROR" for finding in own)
        suite = ET.SubElement(suites, "testsuite", name=file, tests=str(len(own)), failures=str(failures))
        for finding in own:
            _case(suite, finding)
    if not found.findings:
        suite = ET.SubElement(suites, "testsuite", name="opa-iam lint", tests="1", failures="0")
        ET.SubElement(suite, "testcase", classname="opa-iam lint", name=f"{found.count} documents without findings")
    return report.xml(suites)


def _case(suite: ET.Element, finding: Finding) -> None:
    name = f"{finding.code} at {finding.path or '/'}"
    case = ET.SubElement(
        suite, "testcase", classname=finding.file, name=name, file=finding.file, line=str(finding.line)
    )
    text = f"{finding}\nInstead: {finding.mend}" if finding.mend else str(finding)
    if finding.severity == "ERROR":
        failure = ET.SubElement(case, "failure", message=finding.message, type=finding.code)
        failure.text = text
    else:
        ET.SubElement(case, "system-out").text = f"{finding.severity}: {text}"


def to_github(found: Report) -> str:
    """Return a report as commands of GitHub's workflows, a line for each finding."""
    return "\n".join(map(_command, found.findings))


def _command(finding: Finding) -> str:
    properties = {
        "file": finding.file,
        "line": str(finding.line or 1),
        "col": str(finding.column or 1),
        "title": finding.code,
    }
    written = ",".join(
        f"{name}={_escaped(value, '%', chr(13), chr(10), ':', ',')}" for name, value in properties.items()
    )
    text = f"{finding.message}\nInstead: {finding.mend}" if finding.mend else finding.message
    return f"::{_GITHUB_COMMANDS[finding.severity]} {written}::{_escaped(text, '%', chr(13), chr(10))}"


def _escaped(text: str, *characters: str) -> str:
    """Return a text with some characters as the runner wants them, which reads a line as one command."""
    return re.sub(f"[{''.join(characters)}]", lambda found: f"%{ord(found[0]):02X}", text)


FORMATS = {"json": to_json, "sarif": to_sarif, "junit": to_junit, "github": to_github}
"""How a report is written, by the name of the format."""


def counts(findings: Iterable[Finding]) -> str:
    """Return how many findings there are of each severity, in words."""
    every = [finding.severity for finding in findings]
    parts = [f"{every.count(name)} {_words(name, every.count(name))}" for name in codes.SEVERITIES if name in every]
    return ", ".join(parts) or "no findings"


def _words(severity: str, count: int) -> str:
    return severity.lower().replace("_", " ") + ("s" if count > 1 else "")
