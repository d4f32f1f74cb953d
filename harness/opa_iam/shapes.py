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
    """Check a document against the schema of its kind, a file of `schemas/` without its ending.

    Raises:
        DocumentError: it is of another shape; one finding for each difference.
    """
    if findings := _differences(document, kind):
        raise DocumentError(findings)


def of_aws(document: Document, call: str) -> list[Finding]:
    """Check what the AWS CLI printed; return a warning for each member that the schema doesn't know.

    AWS adds members as its services grow.

    Raises:
        DocumentError: it is of another shape; one finding for each difference.
    """
    findings = _differences(document, f"aws/{call}")
    if any(finding.code != _UNKNOWN for finding in findings):
        raise DocumentError(findings)
    return findings


_UNKNOWN = "UNKNOWN_MEMBER"


def _differences(document: Document, kind: str) -> list[Finding]:
    errors = _validator(kind).iter_errors(document.value)
    return [finding for error in errors for finding in _findings(document, error)]


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
        yield document.finding(pointer(path, name), _UNKNOWN, message, at_key=True)
