"""Findings for machines: SARIF 2.1.0, JUnit XML, annotations of GitHub's workflows; a `Checker` is who found them."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from opa_iam import __version__, report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from opa_iam.errors import Finding, Location

LEVELS = {"ERROR": "error", "SECURITY_WARNING": "warning", "WARNING": "warning", "SUGGESTION": "note"}
"""SARIF's level for each severity."""

_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_GITHUB_COMMANDS = {"ERROR": "error", "SECURITY_WARNING": "warning", "WARNING": "warning", "SUGGESTION": "notice"}


@dataclass(frozen=True)
class Checker:
    """A command that finds.

    Attributes:
        name: the command.
        rule: what gives SARIF's reportingDescriptor of a code.
        clean: what a JUnit case says where nothing is found.
    """

    name: str
    rule: Callable[[str], dict[str, Any]]
    clean: str


def to_sarif(findings: Sequence[Finding], checker: Checker) -> str:
    """Return findings as SARIF 2.1.0, with a rule for each code that was found."""
    names = sorted({finding.code for finding in findings})
    driver = {
        "name": "opa-iam",
        "semanticVersion": __version__,
        "rules": [checker.rule(name) for name in names],
    }
    results = [_result(finding, names) for finding in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _result(finding: Finding, names: Sequence[str]) -> dict[str, Any]:
    places = [_location(finding, place) for place in finding.places] if finding.file else []
    text = f"{finding.message}. Instead: {finding.mend}" if finding.mend else finding.message
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": names.index(finding.code),
        "level": LEVELS[finding.severity],
        "message": {"text": text},
        "locations": places[:1],
        "partialFingerprints": {"opaIamFinding/v1": _fingerprint(finding)},
        "properties": {"severity": finding.severity},
    }
    if places[1:]:
        result["relatedLocations"] = [{"id": number, **other} for number, other in enumerate(places[1:], 1)]
    return result


def _location(finding: Finding, place: Location) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding.file)}}
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


def to_junit(findings: Sequence[Finding], checker: Checker) -> str:
    """Return findings as JUnit XML: a suite for each file, a case for each finding, of which errors have failed."""
    suites = ET.Element("testsuites", name=checker.name)
    for file in dict.fromkeys(finding.file for finding in findings):
        own = [finding for finding in findings if finding.file == file]
        failures = sum(finding.severity == "ERROR" for finding in own)
        suite = ET.SubElement(
            suites, "testsuite", name=file or checker.name, tests=str(len(own)), failures=str(failures)
        )
        for finding in own:
            _case(suite, finding, checker)
    if not findings:
        suite = ET.SubElement(suites, "testsuite", name=checker.name, tests="1", failures="0")
        ET.SubElement(suite, "testcase", classname=checker.name, name=checker.clean)
    return report.xml(suites)


def _case(suite: ET.Element, finding: Finding, checker: Checker) -> None:
    name = f"{finding.code} at {finding.path or '/'}" if finding.file else finding.code
    place = {"file": finding.file, "line": str(finding.line)} if finding.file else {}
    case = ET.SubElement(suite, "testcase", {"classname": finding.file or checker.name, "name": name, **place})
    text = f"{finding}\nInstead: {finding.mend}" if finding.mend else str(finding)
    if finding.severity == "ERROR":
        failure = ET.SubElement(case, "failure", message=finding.message, type=finding.code)
        failure.text = text
    else:
        ET.SubElement(case, "system-out").text = f"{finding.severity}: {text}"


def to_github(findings: Iterable[Finding]) -> str:
    """Return findings as commands of GitHub's workflows, a line for each."""
    return "\n".join(map(_command, findings))


def _command(finding: Finding) -> str:
    place = {"file": finding.file, "line": str(finding.line or 1), "col": str(finding.column or 1)}
    properties = {**(place if finding.file else {}), "title": finding.code}
    written = ",".join(
        f"{name}={_escaped(value, '%', chr(13), chr(10), ':', ',')}" for name, value in properties.items()
    )
    text = f"{finding.message}\nInstead: {finding.mend}" if finding.mend else finding.message
    return f"::{_GITHUB_COMMANDS[finding.severity]} {written}::{_escaped(text, '%', chr(13), chr(10))}"


def _escaped(text: str, *characters: str) -> str:
    """Return a text with some characters as the runner wants them, which reads a line as one command."""
    return re.sub(f"[{''.join(characters)}]", lambda found: f"%{ord(found[0]):02X}", text)
