"""Decisions, results and findings in words: for a terminal, as JSON, as JUnit XML."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from opa_iam.cases import Result
    from opa_iam.decisions import Decision, Request
    from opa_iam.errors import Finding

_STYLES = {"allowed": "green", "explicitDeny": "red", "implicitDeny": "yellow"}
_SEVERITY_STYLES = {"ERROR": "red", "SECURITY_WARNING": "magenta", "WARNING": "yellow", "SUGGESTION": "cyan"}
_ABSENT = "absent"
_REFUSALS = {"NOT_FOR_CREDENTIALS", "OTHER_PARTITION", "PROTECTED_BY_AWS"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_json(value: object) -> str:
    """Return a value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False)


def reasons(decision: Decision) -> Iterator[str]:
    """Yield why a decision is what it is, a sentence each, the most telling first."""
    yield from (f"error at {error['path'] or '/'}: {error['message']}" for error in decision["errors"])
    refusals = [warning for warning in decision["warnings"] if warning["code"] in _REFUSALS]
    yield from (warning["message"] for warning in refusals)
    silent = [kind for kind in decision["blocked_by"] if kind not in _kinds(decision["matched_statements"], "Deny")]
    if silent:
        yield f"stopped by {', '.join(map(_words, silent))}, else allowed"
    for matched in decision["matched_statements"]:
        verb = "allowed" if matched["effect"] == "Allow" else "denied"
        yield f"{verb} by {statement(matched)}{_role_of(matched)}"
    if not decision["allow"]:
        yield from (near_miss(missed) for missed in decision["near_misses"] if missed["effect"] == "Allow")
    missed_kinds = _kinds(decision["near_misses"], "Allow")
    yield from (
        _implicit_deny(denied) for denied in decision["implicit_denies"] if denied["policy_type"] not in missed_kinds
    )
    for missing in decision["missing_inputs"]:
        yield f"the request does not give {missing['input']}: assumed is {missing['assumed']}"
    yield from (warning["message"] for warning in decision["warnings"] if warning not in refusals)


def _kinds(statements: Iterable[dict[str, Any]], effect: str) -> set[str]:
    """Return the policy types of the statements with an effect."""
    return {each["policy_type"] for each in statements if each["effect"] == effect}


def _implicit_deny(denied: dict[str, Any]) -> str:
    """Return which policies lack an Allow."""
    level = f" of {denied['level']}" if "level" in denied else ""
    return f"no {_words(denied['policy_type'])} policy{level} allows it"


def _role_of(matched: dict[str, Any]) -> str:
    """Return what a statement's policy is to the request; identity policies are what one expects."""
    level = f" of {matched['level']}" if "level" in matched else ""
    return "" if matched["policy_type"] == "identity" else f" ({_words(matched['policy_type'])}{level})"


def _words(policy_type: str) -> str:
    return policy_type.replace("_", " ")


def statement(named: dict[str, Any]) -> str:
    """Return a statement's name: its Sid, else its number, and its policy's name."""
    policy = named["policy"].rpartition("/")[2]
    return f"{named['sid'] or 'statement ' + str(named['index'])} of {policy}"


def near_miss(missed: dict[str, Any]) -> str:
    """Return what a statement wanted and what the request had."""
    return f"{statement(missed)} does not apply: " + "; ".join(map(_failure, missed["failed"]))


def _failure(failed: dict[str, Any]) -> str:
    if failed["element"] in ("NotPrincipal", "Principal"):
        return f"the caller is {failed['given']}, {failed['element']} is {_text(failed['wanted'])}"
    wanted = " or ".join(failed["wanted"])
    given = _ABSENT if failed["given"] is None else _text(failed["given"])
    if failed["element"] == "Condition":
        return f"{failed['key']} is {given}, {failed['operator']} wants {wanted}"
    return f"the resource is {given}, {failed['element']} is {wanted}"


def _text(value: object) -> str:
    """Return a value as JSON; a string without its quotation marks."""
    text = json.dumps(value, ensure_ascii=False)
    return text[1:-1] if isinstance(value, str) else text


def explanation(decision: Decision) -> Iterator[str]:
    """Yield everything that a person should know of a decision, a line each."""
    yield decision["decision"]
    yield from (f"  {reason}" for reason in reasons(decision))
    if decision["missing_context_keys"]:
        yield f"  keys that the request does not give: {', '.join(decision['missing_context_keys'])}"


def decisions_table(requests: Sequence[Request], decisions: Sequence[Decision]) -> Table:
    """Return a table of requests and their decisions, each with its first reason."""
    table = _table("decision", "request")
    for request, decision in zip(requests, decisions, strict=True):
        table.add_row(_verdict(decision), _two_lines(_question(request.value), next(reasons(decision), "")))
    return table


def results_table(results: Iterable[Result], *, explain: bool) -> Table:
    """Return a table of cases: whether each is as expected, the decision, and what differs or why it is so."""
    table = _table("", "decision", "case")
    for result in results:
        mark = "[green]✓[/]" if result.passed else "[red]✗[/]"
        notes = [*result.differences, *([next(reasons(result.decision), "")] if explain else [])]
        table.add_row(mark, _verdict(result.decision), _two_lines(result.case.name, "\n".join(notes)))
    return table


def results_json(results: Sequence[Result]) -> dict[str, Any]:
    """Return the results as the design of `opa-iam test --format json` has them."""
    passed = sum(result.passed for result in results)
    return {
        "results": [
            {
                "name": result.case.name,
                "passed": result.passed,
                "expect": result.case.expect,
                "decision": result.decision,
                "differences": list(result.differences),
                "file": result.case.file,
                "line": result.case.line,
            }
            for result in results
        ],
        "passed": passed,
        "failed": len(results) - passed,
    }


def results_junit(results: Sequence[Result]) -> str:
    """Return the results as JUnit XML, a suite for each file."""
    suites = ET.Element("testsuites")
    for file in dict.fromkeys(result.case.file for result in results):
        own = [result for result in results if result.case.file == file]
        failures = sum(not result.passed for result in own)
        suite = ET.SubElement(suites, "testsuite", name=file, tests=str(len(own)), failures=str(failures))
        for result in own:
            line = str(result.case.line)
            case = ET.SubElement(suite, "testcase", classname=file, name=result.case.name, file=file, line=line)
            if not result.passed:
                failure = ET.SubElement(case, "failure", message=result.differences[0])
                failure.text = "\n".join((*result.differences, *explanation(result.decision)))
    return xml(suites)


def xml(root: ET.Element) -> str:
    """Return an element as a document; what XML can't hold is replaced."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", ET.tostring(root, encoding="unicode", xml_declaration=True))


def findings_table(findings: Iterable[Finding]) -> Table:
    """Return a table of findings: how grave each is, where it stands, and what to do about it."""
    table = _table("severity", "finding")
    for finding in findings:
        severity = f"[{_SEVERITY_STYLES[finding.severity]}]{finding.severity}[/]"
        title = f"{finding.code} {_place(finding)}"
        table.add_row(severity, _two_lines(title, "\n".join(filter(None, (finding.message, _mend(finding))))))
    return table


def _place(finding: Finding) -> str:
    place = f"{finding.file}:{finding.line}:{finding.column}" if finding.line else finding.file
    return f"{place} {finding.path}".rstrip()


def _mend(finding: Finding) -> str:
    return f"instead: {finding.mend}" if finding.mend else ""


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column != columns[-1])
    return table


def _verdict(decision: Decision) -> str:
    return f"[{_STYLES[decision['decision']]}]{decision['decision']}[/]"


def _two_lines(title: str, note: str) -> str:
    return f"{escape(title)}\n[dim]{escape(note)}[/]"


def _question(request: Any) -> str:  # noqa: ANN401 - whatever the user gave
    """Return a request as a phrase; the principal without what stands before its kind and name."""
    if not isinstance(request, dict):
        return to_json(request)
    principal = request.get("principal")
    arn = principal.get("arn") if isinstance(principal, dict) else principal
    return f"{request.get('action')} on {request.get('resource', '*')} by {str(arn).split(':', 5)[-1]}"
