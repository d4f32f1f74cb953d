"""What holds for a gate: settings, guardrails and exceptions, in the file that Conftest reads as data as well."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opa_iam import documents, shapes
from opa_iam.documents import pointer
from opa_iam.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opa_iam.documents import Document
    from opa_iam.errors import Finding

FILE = "opa-iam-ci.yaml"
"""The name under which the file is looked for in the current folder."""

_NESTED = ("iam", "ci")
_LISTS = ("exceptions", "guardrails")


@dataclass(frozen=True)
class Rules:
    """What holds.

    Attributes:
        value: what is `data.iam.ci`.
        sources: the files that it is from.
    """

    value: dict[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()

    def setting(self, **more: Any) -> Rules:  # noqa: ANN401
        """Return it with more settings, of which None says nothing."""
        given = {name: value for name, value in more.items() if value is not None}
        if not given:
            return self
        return Rules({**self.value, "settings": {**self.value.get("settings", {}), **given}}, self.sources)


def read(names: Iterable[str]) -> Rules:
    """Read the files that a user names, or the one of the current folder; several files add up.

    A file may have its content under `iam: ci:`, as Conftest needs it where it stands at the root of a data folder.

    Raises:
        InputError: a file can't be read.
        DocumentError: it is of another shape, or two files say different things; all that is wrong with all of them.
    """
    files = list(names) or [FILE for _ in [0] if Path(FILE).is_file()]
    value: dict[str, Any] = {}
    findings: list[Finding] = []
    for name in files:
        try:
            findings += _added(value, documents.read(name))
        except DocumentError as error:
            findings += error.findings
    if findings:
        raise DocumentError(findings)
    return Rules(value, tuple(files))


def _added(value: dict[str, Any], source: Document) -> Iterator[Finding]:
    """Add a file's content to that of others, and yield what they disagree about."""
    shapes.require(source, "ci")
    path, own = "", source.value or {}
    for step in _NESTED if _NESTED[0] in own else ():
        path, own = pointer(path, step), own[step]
    for name in _LISTS:
        if name in own:
            value[name] = value.get(name, []) + own[name]
    settings = value.setdefault("settings", {})
    for name, setting in own.get("settings", {}).items():
        if settings.setdefault(name, setting) != setting:
            place = pointer(path, "settings", name)
            yield source.finding(place, "CONFLICTING_SETTING", f"another file sets {name} to {settings[name]!r}")
