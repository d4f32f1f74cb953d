"""Whether a document has the shape of its kind, by JSON Schema."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, cast

import jsonschema

from opa_iam.documents import pointer
from opa_iam.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opa_iam.documents import Document
    from opa_iam.errors import Finding


def require(document: Document, kind: str) -> None:
    """Check a document against the schema of its kind: `bundle`, `cases` or `policy`.

    Raises:
        DocumentError: it is of another shape; one finding for each difference.
    """
    findings = [
        finding for error in _validator(kind).iter_errors(document.value) for finding in _findings(document, error)
    ]
    if findings:
        raise DocumentError(findings)


@cache
def _validator(kind: str) -> jsonschema.Draft202012Validator:
    schema = json.loads(resources.files("opa_iam").joinpath("schemas", f"{kind}.json").read_text("utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def _findings(document: Document, error: jsonschema.ValidationError) -> Iterator[Finding]:
    path = pointer("", *error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        yield document.finding(pointer(path, str(error.instance)), "INVALID_SHAPE", error.message, at_key=True)
        return
    if error.validator != "additionalProperties":
        yield document.finding(path, "INVALID_SHAPE", error.message)
        return
    instance, schema = cast("dict[str, Any]", error.instance), cast("dict[str, Any]", error.schema)
    known = schema.get("properties", {})
    for name in sorted(set(instance) - set(known)):
        message = f"there is no '{name}' here; known are {', '.join(known)}"
        yield document.finding(pointer(path, name), "UNKNOWN_MEMBER", message, at_key=True)
