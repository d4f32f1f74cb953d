"""What `opa-iam ci` does: the files of a change in, a verdict with findings out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opa_iam.ci import evaluation, inputs, settings
from opa_iam.errors import DocumentError, Finding, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opa_iam.documents import Document

EXIT_CODES = {"pass": 0, "deny": 1, "undecided": 1, "nothing-to-judge": 1, "error": 2}
"""The exit code of each verdict."""

_SEVERITIES = {"error": "ERROR", "warning": "WARNING"}


@dataclass(frozen=True)
class Verdict:
    """What a change comes to.

    Attributes:
        verdict: one of `EXIT_CODES`.
        findings: what was found, as the Rego gives it, each with `file`, `line` and `column`.
        count: how many files were judged.
    """

    verdict: str
    findings: tuple[dict[str, Any], ...]
    count: int

    @property
    def exit_code(self) -> int:
        """What the command exits with."""
        return EXIT_CODES[self.verdict]

    @property
    def placed(self) -> list[Finding]:
        """The findings as all commands' findings are."""
        return [_placed(raw) for raw in self.findings]


def judge(
    names: Iterable[str],
    *,
    guardrails: Iterable[str] = (),
    bundle: str | None = None,
    undecided: str | None = None,
    allow_nothing: bool = False,
) -> Verdict:
    """Judge the files of a change; what can't be read is a verdict as well, `error`.

    Args:
        names: files, folders and globs; `-` is standard input.
        guardrails: the files with settings, guardrails and exceptions, instead of the current folder's.
        bundle: the bundle or project whose policies and accounts count beside the files.
        undecided: what an undecided finding comes to, `deny` or `warn`, whatever the settings say.
        allow_nothing: whether files in which there is nothing to judge pass.

    Raises:
        EngineError: there is no answer.
    """
    try:
        rules = settings.read(guardrails).setting(
            undecided=undecided, allow_nothing=allow_nothing or None, long_intrinsics=True
        )
        files = inputs.read(names)
        raw = evaluation.report(files, rules, bundle)
    except DocumentError as error:
        return _failed(error.findings)
    except InputError as error:
        return _failed([Finding("", 0, 0, "", "UNREADABLE", str(error))])
    by_name = {file.file: file for file in files}
    findings = tuple(_with_place(finding, by_name.get(finding["file"])) for finding in raw["findings"])
    return Verdict(raw["verdict"], findings, len(files))


def _with_place(finding: dict[str, Any], source: Document | None) -> dict[str, Any]:
    line, column = source.place(finding["path"]) if source else (0, 0)
    return {**finding, "line": line, "column": column}


def _failed(findings: Iterable[Finding]) -> Verdict:
    raws = tuple(_raw(finding) for finding in findings)
    return Verdict("error", raws, 0)


def _raw(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.code,
        "severity": "error",
        "verdict": "error",
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "address": "",
        "policy": finding.policy,
        "sid": "",
        "path": finding.path,
        "message": finding.message,
        "mend": finding.mend,
    }


def _placed(raw: Mapping[str, Any]) -> Finding:
    place = raw["address"] or raw["policy"]
    return Finding(
        file=raw["file"],
        line=raw["line"],
        column=raw["column"],
        path=raw["path"],
        code=raw["rule"],
        message=f"{place}: {raw['message']}" if place else raw["message"],
        severity=_SEVERITIES[raw["severity"]],
        mend=raw["mend"],
        policy=raw["policy"],
    )
