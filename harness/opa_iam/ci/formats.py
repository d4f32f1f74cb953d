"""A verdict for machines and for a pull request: JSON, SARIF 2.1.0, JUnit XML, GitHub's annotations, Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from opa_iam import finding_formats, report
from opa_iam.ci import rules
from opa_iam.finding_formats import Checker
from opa_iam.lint import formats as of_lint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from opa_iam.ci.run import Verdict

HEADINGS = {
    "pass": "may be merged",
    "deny": "must not be merged as it is",
    "undecided": "can't be decided",
    "nothing-to-judge": "has nothing to judge",
    "error": "can't be read",
}
"""What each verdict says of the change."""

_ACCESS = {"ACCESS_GAINED": "Access introduced", "ACCESS_LOST": "Access lost", "ACCESS_NOT_ALL_ASKED": "Not all asked"}
_MOST = 60_000  # characters of a comment, of which GitHub takes 65,536


def to_json(found: Verdict) -> str:
    """Return a verdict as one JSON object."""
    return report.to_json({"verdict": found.verdict, "findings": list(found.findings)})


def to_sarif(found: Verdict) -> str:
    """Return a verdict's findings as SARIF 2.1.0."""
    return finding_formats.to_sarif(found.placed, _checker(found))


def to_junit(found: Verdict) -> str:
    """Return a verdict's findings as JUnit XML."""
    return finding_formats.to_junit(found.placed, _checker(found))


def to_github(found: Verdict) -> str:
    """Return a verdict's findings as commands of GitHub's workflows."""
    return finding_formats.to_github(found.placed)


def to_markdown(found: Verdict) -> str:
    """Return a verdict as a comment on a pull request, which no text of the change can break out of."""
    lines = [
        f"### opa-iam: the change {HEADINGS[found.verdict]}",
        "",
        *_findings(found.findings),
        *_access(found.findings),
    ]
    text = "\n".join(lines).rstrip()
    if len(text) <= _MOST:
        return text
    whole = text[:_MOST].rpartition("\n")[0]
    return f"{whole}\n\nThere is more than a comment can hold: see what the run printed."


def counted(found: Verdict) -> str:
    """Return how many findings there are, in words."""
    return of_lint.counts(found.placed)


def _checker(found: Verdict) -> Checker:
    return Checker("opa-iam ci", _rule, f"{found.count} files without findings")


def _rule(name: str) -> dict[str, Any]:
    """Return SARIF's reportingDescriptor of a rule: the gate's own, or a code of the lint's."""
    title = rules.titles().get(name)
    return of_lint.rule(name) if title is None else {"id": name, "shortDescription": {"text": title}}


def _findings(findings: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    rows = [_row(finding) for finding in findings if finding["rule"] not in _ACCESS]
    if not rows:
        yield "Nothing was found against it."
        return
    yield from ("| | rule | where | what |", "|---|---|---|---|", *rows)


def _row(finding: Mapping[str, Any]) -> str:
    where = _where(finding)
    sid = f" {_code(finding['sid'])}" if finding["sid"] else ""
    mend = f"<br>Instead: {_text(finding['mend'])}" if finding["mend"] else ""
    sign = "❌" if finding["severity"] == "error" else "⚠️"
    place = f"{_code(where)}{sid}" if where else ""
    return f"| {sign} | {_code(finding['rule'])} | {place} | {_text(finding['message'])}{mend} |"


def _where(finding: Mapping[str, Any]) -> str:
    return str(finding["address"] or finding["policy"] or finding["file"])


def _access(findings: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what access the change gives and takes, folded."""
    every = list(findings)
    for name, title in _ACCESS.items():
        own = [finding for finding in every if finding["rule"] == name]
        if own:
            yield from ("", f"<details><summary>{title}</summary>", "", "| who | what |", "|---|---|")
            yield from (f"| {_code(_where(finding))} | {_text(finding['message'])} |" for finding in own)
            yield from ("", "</details>")


def _text(text: str) -> str:
    """Return a text in which Markdown and HTML find nothing to read."""
    return re.sub(r"[\\`*_{}\[\]()!|~@<>&]", lambda found: f"&#{ord(found[0])};", " ".join(text.split()))


def _code(text: str) -> str:
    """Return a text as code; Markdown reads on within the tag."""
    return f"<code>{_text(text)}</code>"


FORMATS = {
    "json": to_json,
    "sarif": to_sarif,
    "junit": to_junit,
    "github": to_github,
    "markdown": to_markdown,
}
"""How a verdict is written, by the name of the format."""
