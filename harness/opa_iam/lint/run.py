"""What `opa-iam lint` does: files or a project in, findings out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from opa_iam import documents, project
from opa_iam.errors import DocumentError, InputError
from opa_iam.lint import checks, inputs
from opa_iam.lint.checks import Report
from opa_iam.lint.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def lint(  # noqa: PLR0913 - the command's options
    names: Sequence[str] = (),
    *,
    bundle: str | None = None,
    policy_type: str | None = None,
    resource_type: str | None = None,
    selected: Collection[str] = (),
    ignored: Collection[str] = (),
) -> Report:
    """Return the findings on files, or without any on a project.

    Args:
        names: files, folders, globs; `-` is standard input.
        bundle: the project's folder or bundle.yaml; None for the one of the current folder, else the one that ships.
        policy_type: what the files' policies are, in AWS's words or ours, where the files don't say.
        resource_type: AWS's name for the type of resource that they are attached to.
        selected: the optional codes that are looked for.
        ignored: the codes that are left out.

    Raises:
        InputError: there is no such file or project.
        EngineError: there is no answer.
    """
    if not names:
        return _of_project(_project_file(bundle), selected, ignored)
    found = inputs.read(names, policy_type, resource_type)
    settings = _settings(bundle).allowing(ignored)
    reports = [_of_project(Path(source.file), selected, ignored) for source in found.projects]
    return checks.joined([checks.of_files(found, settings, selected), *reports])


def _project_file(bundle: str | None) -> Path:
    if bundle is None:
        return project.find()
    place = Path(bundle, project.FILE) if Path(bundle).is_dir() else Path(bundle)
    if place.suffix not in (".yaml", ".yml", ".json") or not place.is_file():
        raise InputError(f"{bundle}: the sources are linted, so this must be a project's folder or bundle.yaml")
    return place


def _settings(bundle: str | None) -> Settings:
    """Return what holds for files: what the project says that was named, else the one of the current folder."""
    if bundle is None and not Path(project.FILE).is_file():
        return Settings()
    source = documents.read(str(_project_file(bundle)))
    return project.lint_settings(source)


def _of_project(file: Path, selected: Collection[str], ignored: Collection[str]) -> Report:
    try:
        read = project.read(file)
    except DocumentError as error:
        return Report(tuple(map(inputs.unread, error.findings)), (), 0)
    return checks.of_project(read, read.lint.allowing(ignored), selected)
