"""Policy documents that stand as a text in JSON, as AWS's API gives them."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from opa_iam.documents.json_text import parse_json
from opa_iam.documents.model import steps_of
from opa_iam.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opa_iam.documents.model import Document
    from opa_iam.errors import Finding


def with_parsed(document: Document, paths: Iterable[str]) -> Document:
    """Return a document with the JSON texts at some places as values; what is no text there stays.

    A text may be URL-encoded (RFC 3986), as IAM's API has it. What lies within it stands where the text does.

    Raises:
        DocumentError: a text is no JSON.
    """
    parsed = replace(document, value=copy.deepcopy(document.value))
    findings: list[Finding] = []
    for path in paths:
        text = document.at(path)
        if isinstance(text, str):
            try:
                value = parse_json(unquote(text) if text.lstrip().startswith("%") else text, document.file).value
            except DocumentError as error:
                findings += _placed(document, path, error)
            else:
                _put(parsed, path, value)
    if findings:
        raise DocumentError(findings)
    return parsed


def _placed(document: Document, path: str, error: DocumentError) -> Iterator[Finding]:
    for inner in error.findings:
        message = f"line {inner.line}, column {inner.column} of the text: {inner.message}"
        yield document.finding(path + inner.path, inner.code, message)


def _put(document: Document, path: str, value: object) -> None:
    parent, _, _ = path.rpartition("/")
    *_, step = steps_of(path)
    holder = document.at(parent)
    holder[int(step) if isinstance(holder, list) else step] = value
