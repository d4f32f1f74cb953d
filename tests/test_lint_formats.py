from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from opa_iam.errors import Finding, Location
from opa_iam.lint import formats
from opa_iam.lint.checks import Report

SCHEMA = json.loads((Path(__file__).parent / "lint" / "schemas" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
LINK = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
    "#access-analyzer-reference-policy-checks-"
)
ACTION = Finding(
    file="policies/a b.json",
    line=3,
    column=7,
    path="/Statement/0/Action",
    code="INVALID_ACTION",
    message="there is no s3:Nope",
    mend="s3:GetObject",
)
REDUNDANT = Finding(
    file="policies/a b.json",
    line=4,
    column=1,
    path="/Statement/1/Action/0",
    code="REDUNDANT_ACTION",
    message="100% of it:\nis covered\x00",
    severity="SUGGESTION",
    locations=(Location("/Statement/1/Action/0", 4, 1), Location("/Statement/1/Action/2", 6, 1)),
)
ATTACHED = Finding("/root:1,2%.yaml", 0, 0, "", "INVALID_SHAPE", "it is of no use")
REPORT = Report((ACTION, REDUNDANT, ATTACHED), (), 2)
NONE = Report((), (), 2)


def test_json_has_every_member() -> None:
    found = json.loads(formats.to_json(REPORT))
    assert found["findings"][0] == {
        "code": "INVALID_ACTION",
        "severity": "ERROR",
        "file": "policies/a b.json",
        "line": 3,
        "column": 7,
        "path": "/Statement/0/Action",
        "message": "there is no s3:Nope",
        "mend": "s3:GetObject",
        "learn_more": f"{LINK}error-invalid-action",
        "locations": [{"path": "/Statement/0/Action", "line": 3, "column": 7}],
    }
    assert [(finding["mend"], finding["learn_more"]) for finding in found["findings"][1:]] == [
        (None, f"{LINK}suggestion-redundant-action"),
        (None, None),
    ]
    assert [place["line"] for place in found["findings"][1]["locations"]] == [4, 6]
    assert list(found) == ["findings"]


def sarif(report: Report) -> Any:  # noqa: ANN401
    """A report as SARIF, by the schema of which there is nothing wrong with it."""
    written = json.loads(formats.to_sarif(report))
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER).validate(written)
    return written


def test_sarif_has_a_rule_for_each_code_and_a_level_for_each_severity() -> None:
    (run,) = sarif(REPORT)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["INVALID_ACTION", "INVALID_SHAPE", "REDUNDANT_ACTION"]
    assert rules[0]["helpUri"] == f"{LINK}error-invalid-action"
    assert rules[2]["defaultConfiguration"] == {"level": "note"}
    assert [(result["ruleIndex"], result["level"]) for result in run["results"]] == [
        (0, "error"),
        (2, "note"),
        (1, "error"),
    ]
    assert run["results"][0]["message"] == {"text": "there is no s3:Nope. Instead: s3:GetObject"}


def test_sarif_places_what_is_found() -> None:
    first, second, third = sarif(REPORT)["runs"][0]["results"]
    (location,) = first["locations"]
    assert location == {
        "physicalLocation": {
            "artifactLocation": {"uri": "policies/a%20b.json"},
            "region": {"startLine": 3, "startColumn": 7},
        },
        "logicalLocations": [{"fullyQualifiedName": "/Statement/0/Action"}],
    }
    assert [place["physicalLocation"]["region"]["startLine"] for place in second["relatedLocations"]] == [6]
    assert third["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "file:///root%3A1%2C2%25.yaml"}}}]


def test_a_fingerprint_stays_where_the_file_grows_above() -> None:
    moved = Report((Finding(ACTION.file, 90, 1, ACTION.path, ACTION.code, ACTION.message),), (), 1)
    before, after = (
        sarif(report)["runs"][0]["results"][0]["partialFingerprints"] for report in (Report((ACTION,), (), 1), moved)
    )
    others = sarif(REPORT)["runs"][0]["results"]
    assert before == after
    assert len({json.dumps(result["partialFingerprints"]) for result in others}) == 3


def test_sarif_without_findings_has_a_run() -> None:
    (run,) = sarif(NONE)["runs"]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_the_schema_refuses_what_is_no_sarif() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(SCHEMA).validate({"version": "2.1.0", "runs": [{"results": []}]})


def test_junit_has_a_suite_for_each_file_in_which_errors_have_failed() -> None:
    suites = ET.fromstring(formats.to_junit(REPORT))  # noqa: S314 - our own
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in suites] == [
        ("policies/a b.json", "2", "1"),
        ("/root:1,2%.yaml", "1", "1"),
    ]
    action, redundant = suites[0]
    failure = action.find("failure")
    assert failure is not None
    assert (failure.get("type"), failure.get("message")) == ("INVALID_ACTION", "there is no s3:Nope")
    assert action.get("line") == "3"
    out = redundant.findtext("system-out") or ""
    assert redundant.find("failure") is None
    assert out.startswith("SUGGESTION: policies/a b.json:4:1: REDUNDANT_ACTION")
    assert out.endswith("covered\N{REPLACEMENT CHARACTER}")


def test_junit_without_findings_says_what_was_looked_at() -> None:
    ((case,),) = ET.fromstring(formats.to_junit(NONE))  # noqa: S314 - our own
    assert (case.get("name"), list(case)) == ("2 documents without findings", [])


def test_annotations_are_one_line_each_in_which_nothing_is_taken_for_a_command() -> None:
    assert formats.to_github(REPORT).split("\n") == [
        "::error file=policies/a b.json,line=3,col=7,title=INVALID_ACTION::there is no s3:Nope%0AInstead: s3:GetObject",
        "::notice file=policies/a b.json,line=4,col=1,title=REDUNDANT_ACTION::100%25 of it:%0Ais covered\x00",
        "::error file=/root%3A1%2C2%25.yaml,line=1,col=1,title=INVALID_SHAPE::it is of no use",
    ]


def test_findings_are_counted_in_words() -> None:
    warnings = [Finding("f", 1, 1, "", "X", "", severity=severity) for severity in ("WARNING", "WARNING")]
    assert formats.counts([*warnings, ACTION]) == "1 error, 2 warnings"
    assert formats.counts([]) == "no findings"
