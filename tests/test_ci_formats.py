from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema

from opa_iam.ci import formats
from opa_iam.ci.run import Verdict

SCHEMA = json.loads((Path(__file__).parent / "lint" / "schemas" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))


def finding(**more: Any) -> dict[str, Any]:  # noqa: ANN401
    own = {
        "rule": "FULL_ADMIN",
        "severity": "error",
        "verdict": "deny",
        "file": "plan.json",
        "line": 3,
        "column": 7,
        "address": 'module.a["b|c"].aws_iam_role.r',
        "policy": "",
        "sid": "",
        "path": "/resource_changes/0",
        "message": "may do everything",
        "mend": "name the actions",
    }
    return {**own, **more}


ADMIN = finding()
TOLD = finding(rule="INVALID_ACTION", severity="warning", verdict="warn", address="", policy="p", sid="S", mend="")
NOTHING = finding(rule="NOTHING_TO_JUDGE", file="", line=0, column=0, address="", path="")
GAINED = finding(rule="ACCESS_GAINED", severity="warning", verdict="warn", message="can now do s3:* on *", mend="")
DENIED = Verdict("deny", (ADMIN, TOLD, NOTHING, GAINED), 2)
PASSED = Verdict("pass", (), 2)


def sarif(found: Verdict) -> Any:  # noqa: ANN401
    """A verdict as SARIF, by the schema of which there is nothing wrong with it."""
    written = json.loads(formats.to_sarif(found))
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER).validate(written)
    return written["runs"][0]


def test_json_is_the_verdict_and_the_findings() -> None:
    assert json.loads(formats.to_json(DENIED)) == {"verdict": "deny", "findings": [ADMIN, TOLD, NOTHING, GAINED]}


def test_sarif_has_titles_for_the_gates_rules_and_for_the_lints() -> None:
    run = sarif(DENIED)
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["FULL_ADMIN"]["shortDescription"] == {"text": "every right, IAM's own actions included"}
    assert "helpUri" in rules["INVALID_ACTION"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "error", "warning"]
    assert run["results"][0]["message"]["text"] == (
        'module.a["b|c"].aws_iam_role.r: may do everything. Instead: name the actions'
    )


def test_sarif_has_places_where_there_are_any() -> None:
    first, _, nothing, _ = sarif(DENIED)["results"]
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 7}
    assert nothing["locations"] == []


def test_sarif_of_a_change_that_passes() -> None:
    assert sarif(PASSED)["results"] == []


def test_junit_fails_what_refuses_the_change() -> None:
    suites = ET.fromstring(formats.to_junit(DENIED))  # noqa: S314 - our own
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in suites] == [
        ("plan.json", "3", "1"),
        ("opa-iam ci", "1", "1"),
    ]
    ((case,),) = ET.fromstring(formats.to_junit(PASSED))  # noqa: S314 - our own
    assert (case.get("name"), list(case)) == ("2 files without findings", [])


def test_annotations_have_places_where_there_are_any() -> None:
    first, _, nothing, _ = formats.to_github(DENIED).split("\n")
    assert first == (
        "::error file=plan.json,line=3,col=7,title=FULL_ADMIN::"
        'module.a["b|c"].aws_iam_role.r: may do everything%0AInstead: name the actions'
    )
    assert nothing == "::error title=NOTHING_TO_JUDGE::may do everything%0AInstead: name the actions"


def test_a_comment_has_verdict_findings_and_access() -> None:
    place = '<code>module.a&#91;"b&#124;c"&#93;.aws&#95;iam&#95;role.r</code>'
    instead = "may do everything<br>Instead: name the actions"
    assert formats.to_markdown(DENIED).split("\n") == [
        "### opa-iam: the change must not be merged as it is",
        "",
        "| | rule | where | what |",
        "|---|---|---|---|",
        f"| ❌ | <code>FULL&#95;ADMIN</code> | {place} | {instead} |",
        "| ⚠️ | <code>INVALID&#95;ACTION</code> | <code>p</code> <code>S</code> | may do everything |",
        f"| ❌ | <code>NOTHING&#95;TO&#95;JUDGE</code> |  | {instead} |",
        "",
        "<details><summary>Access introduced</summary>",
        "",
        "| who | what |",
        "|---|---|",
        f"| {place} | can now do s3:&#42; on &#42; |",
        "",
        "</details>",
    ]


def test_a_comment_on_a_change_that_passes() -> None:
    assert formats.to_markdown(PASSED) == "### opa-iam: the change may be merged\n\nNothing was found against it."


def test_nothing_breaks_out_of_a_comment() -> None:
    hostile = "</code>|<script>\n\n# @octocat [x](javascript:1) ![i](http://evil) `"
    text = formats.to_markdown(
        Verdict("deny", (finding(address=hostile, sid=hostile, message=hostile, mend=hostile),), 1)
    )
    assert len(text.split("\n")) == 5
    row = text.split("\n")[-1]
    for piece in ("<script>", "</code>|", "@octocat", "](", "`"):
        assert piece not in row


def test_a_comment_is_never_longer_than_github_takes() -> None:
    many = Verdict("deny", tuple(finding(message="x" * 1000) for _ in range(100)), 1)
    text = formats.to_markdown(many)
    assert len(text) < 65_000
    assert text.endswith("|\n\nThere is more than a comment can hold: see what the run printed.")


def test_counts_are_words() -> None:
    assert formats.counted(DENIED) == "2 errors, 2 warnings"
    assert formats.counted(PASSED) == "no findings"
