"""The findings on files, on a project, and those for which a project isn't compiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opa_iam import aws_policies, catalogue
from opa_iam.attachments import Attachments
from opa_iam.lint import accounts, cases, evaluation, quotas, subjects, versions
from opa_iam.lint.codes import every

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from opa_iam.errors import Finding
    from opa_iam.lint.inputs import Inputs
    from opa_iam.lint.settings import Settings
    from opa_iam.lint.subjects import Subject
    from opa_iam.project import Project


@dataclass(frozen=True)
class Report:
    """What was found.

    Attributes:
        findings: by file and place, each once.
        notes: what was assumed, and what could not be looked at.
        count: how many documents were looked at.
    """

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    count: int

    @property
    def has_errors(self) -> bool:
        """Whether there is an ERROR."""
        return any(finding.severity == "ERROR" for finding in self.findings)


def of_files(found: Inputs, settings: Settings, selected: Collection[str] = ()) -> Report:
    """Return the findings on what files hold.

    Args:
        found: what they hold.
        settings: what is allowed.
        selected: the optional codes that are looked for.

    Raises:
        EngineError: there is no answer.
    """
    asked = _optional(selected)
    findings = [
        *found.findings,
        *_on_documents(found.subjects, settings, asked),
        *quotas.of_documents(found.subjects),
        *_on_cases(found),
    ]
    notes = [*_assumptions(found.subjects), *_reference_notes(), *_skipped(found)]
    return Report(_tidy(settings.kept(findings)), tuple(notes), len(found.subjects) + len(found.cases))


def of_project(project: Project, settings: Settings, selected: Collection[str] = ()) -> Report:
    """Return the findings on a project: its policies, its accounts and its organization.

    Raises:
        EngineError: there is no answer.
    """
    every_one = subjects.of_project(project)
    findings = [
        *_on_documents(every_one, settings, _optional(selected)),
        *Attachments.of(project).findings,
        *accounts.findings(project, every_one),
        *_on_sizes(project, every_one),
    ]
    notes = [*_reference_notes()]
    if aws_policies.version():
        findings += versions.findings(project.policies)
    elif versions.candidates(project.policies):
        notes.append(f"AWS's managed policies are not compared with its own list: {aws_policies.INSTALL}")
    shown = [*settings.kept(findings), *settings.unused(findings)]
    return Report(_tidy(shown), tuple(notes), len(every_one))


def joined(reports: Iterable[Report]) -> Report:
    """Return several reports as one."""
    every_one = list(reports)
    return Report(
        findings=_tidy(finding for report in every_one for finding in report.findings),
        notes=tuple(dict.fromkeys(note for report in every_one for note in report.notes)),
        count=sum(report.count for report in every_one),
    )


def errors(project: Project, known: Iterable[Finding] = ()) -> list[Finding]:
    """Return the findings for which a project isn't compiled, besides those that are known and those of attachments.

    What is looked up in AWS's reference counts where the project has it, so that equal sources give equal data. What
    AWS's managed policies can be compiled with doesn't count: nobody but AWS can mend them.

    Raises:
        EngineError: there is no answer.
    """
    every_one = [subject for subject in subjects.of_project(project) if not subject.is_of_aws]
    found = evaluation.findings(
        every_one,
        only_errors=True,
        extra_services=project.lint.extra_services,
        with_reference=project.catalogue is not None,
        ignored=project.lint.allowed_everywhere,
    )
    sizes = [finding for finding in _on_sizes(project, every_one) if finding.severity == "ERROR"]
    told = {(finding.file, finding.path, finding.code) for finding in known}
    new = [finding for finding in (*found, *sizes) if (finding.file, finding.path, finding.code) not in told]
    return project.lint.kept(new)


def _on_documents(every_one: Sequence[Subject], settings: Settings, selected: Iterable[str]) -> list[Finding]:
    return evaluation.findings(every_one, selected=selected, extra_services=settings.extra_services)


def _on_sizes(project: Project, every_one: Iterable[Subject]) -> Iterator[Finding]:
    yield from quotas.of_documents(every_one)
    yield from quotas.of_entities(project.entities)


def _on_cases(found: Inputs) -> Iterator[Finding]:
    if found.cases and catalogue.version():
        types = catalogue.reference()["keys"]
        for source in found.cases:
            yield from cases.findings(source, types)


def _optional(selected: Iterable[str]) -> list[str]:
    return sorted(name for name in selected if every()[name].optional)


def _tidy(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in order, one for a cause and a place (LINT-5)."""
    first: dict[tuple[str, str, str, str], Finding] = {}
    for finding in sorted(findings):
        first.setdefault((finding.file, finding.path, finding.code, finding.message), finding)
    return tuple(first.values())


def _assumptions(every_one: Iterable[Subject]) -> Iterator[str]:
    for subject in every_one:
        if subject.guessed:
            kind = subject.policy_type.replace("_", " ")
            yield f"{subject.source.file}: taken for a policy of the type {kind}; --policy-type says otherwise"


def _reference_notes() -> Iterator[str]:
    if not catalogue.version():
        yield f"actions, resource types and condition keys are not looked up: {catalogue.INSTALL}"


def _skipped(found: Inputs) -> Iterator[str]:
    if found.skipped:
        yield f"no policy in {', '.join(found.skipped)}"
