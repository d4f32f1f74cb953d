"""The files of a change, read as whoever wrote them wrote them: JSON or YAML, UTF-8 or UTF-16."""

from __future__ import annotations

import codecs
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opa_iam import documents
from opa_iam.ci import intrinsics
from opa_iam.errors import DocumentError, InputError
from opa_iam.lint import inputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from opa_iam.documents import Document
    from opa_iam.errors import Finding

_ENDINGS = (".json", ".template", ".yaml", ".yml")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ARCHIVE = b"PK\x03\x04"  # what a saved plan begins with
_TELLING = re.compile("(?i)statement|aws::|resource_changes|planned_values")  # what a file of ours has somewhere
_MESSAGES = re.compile(r'\s*\{"@level":')


def read(names: Iterable[str]) -> list[Document]:
    """Read files, folders and globs, each file once.

    Of a folder's files, those that are about something else may be broken.

    Raises:
        InputError: there is no such file, or it can't be read.
        DocumentError: files are not well-formed; all that is wrong with all of them.
    """
    found: dict[str, Document] = {}
    findings: list[Finding] = []
    for name, is_named in inputs.named(names, _ENDINGS):
        if name not in found:
            text = _text(name)
            try:
                found[name] = parse(text, name)
            except DocumentError as error:
                findings += error.findings if is_named or _TELLING.search(text) else ()
    if findings:
        raise DocumentError(findings)
    return list(found.values())


def contents(files: Sequence[Document]) -> Any:  # noqa: ANN401
    """Return what files hold as one input of Conftest's, which looks at each item of a list alone."""
    return files[0].value if len(files) == 1 else [file.value for file in files]


def parse(text: str, file: str) -> Document:
    """Return the document in a text, in which CloudFormation's short intrinsics may stand.

    A text that begins as JSON does is JSON, unless it is no JSON and its file's name doesn't say that it were: YAML's
    flow style begins so too.

    Raises:
        DocumentError: it is not well-formed.
    """
    if not text.lstrip().startswith(("{", "[")):
        return documents.parse_yaml(text, file, intrinsics.long_form)
    try:
        return documents.parse_json(text, file)
    except DocumentError as error:
        if file.endswith((".yaml", ".yml")):
            return documents.parse_yaml(text, file, intrinsics.long_form)
        raise DocumentError(_explained(finding, text) for finding in error.findings) from error


def _text(name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error
    if content.startswith(_ARCHIVE):
        raise InputError(f"{name}: a saved plan; what is judged is the JSON that `terraform show -json {name}` prints")
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not {encoding.upper()} text (byte {error.start})") from error


def _explained(finding: Finding, text: str) -> Finding:
    """Return a parser's finding, with what the text seems to be instead."""
    if finding.message == "Extra data" and _MESSAGES.match(text):
        message = "these are the messages of `terraform plan -json`: what is judged is `terraform show -json PLANFILE`"
        return replace(finding, message=message)
    return finding
