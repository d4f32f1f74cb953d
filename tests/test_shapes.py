from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from opa_iam import documents, shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from opa_iam.errors import Finding

    Marked = Callable[[str], tuple[str, list[tuple[int, int]]]]
    Refused = Callable[..., tuple[Finding, ...]]

KINDS = [
    "aws/describe-policy",
    "aws/get-account-authorization-details",
    "aws/list-accounts-for-parent",
    "aws/list-organizational-units-for-parent",
    "aws/list-policies-for-target",
    "aws/list-roots",
    "bundle",
    "cases",
    "organization",
    "policy",
]
KNOWN = (
    "name, policies, aws_managed_policies, prefer, account_exports, resource_policies, organization, targets, "
    "split, signing, settings, lint, catalogue, accounts"
)


def schema(kind: str) -> dict[str, Any]:
    text = resources.files("opa_iam").joinpath("schemas", f"{kind}.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def parts(value: object) -> Iterator[dict[str, Any]]:
    """Every object in a value."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from parts(member)


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_are_schemas(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_no_object_takes_members_that_nobody_knows(kind: str) -> None:
    objects = [part for part in parts(schema(kind)) if "properties" in part and "required" in part]
    assert objects
    assert [part for part in objects if part.get("additionalProperties") is not False] == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("bundle", "name: p"),
        ("cases", "[{name: a, request: {}, expect: {allow: true}}]"),
        ("cases", "{defaults: {}, cases: [{name: a, request: {}, expect: {allow: true}}]}"),
        ("policy", "{arn: 'arn:aws:iam::aws:policy/P', document: null}"),
    ],
)
def test_what_has_its_shape_passes(kind: str, text: str) -> None:
    shapes.require(documents.parse_yaml(text, "f"), kind)


@pytest.mark.parametrize(
    ("kind", "text", "findings"),
    [
        ("bundle", "»[]", ["INVALID_SHAPE: [] is not of type 'object'"]),
        ("bundle", "»{}", ["INVALID_SHAPE: 'name' is a required property"]),
        (
            "bundle",
            "{name: p, »b/~: 1, »a: 2}",
            [
                f"UNKNOWN_MEMBER at /b~1~0: there is no 'b/~' here; known are {KNOWN}",
                f"UNKNOWN_MEMBER at /a: there is no 'a' here; known are {KNOWN}",
            ],
        ),
        (
            "bundle",
            "{name: p, policies: [a, »1]}",
            ["INVALID_SHAPE at /policies/1: 1 is not of type 'string', 'object'"],
        ),
        (
            "bundle",
            "{name: p, accounts: {»12: {}}}",
            ["INVALID_SHAPE at /accounts/12: '12' does not match '^[0-9]{12}(?!\\\\n)$'"],
        ),
        ("cases", "»a", ["INVALID_SHAPE: 'a' is not valid under any of the given schemas"]),
        ("cases", "»[]", ["INVALID_SHAPE: [] should be non-empty"]),
        ("cases", "{cases: »[]}", ["INVALID_SHAPE at /cases: [] should be non-empty"]),
        ("cases", "»{defaults: {}}", ["INVALID_SHAPE: 'cases' is a required property"]),
        (
            "cases",
            "[{name: a, request: »[], expect: »{}}, {name: b, request: {}, expect: {a: 1}, »expects: {}}, »»»{}]",
            [
                "INVALID_SHAPE at /0/request: [] is not of type 'object'",
                "INVALID_SHAPE at /0/expect: {} should be non-empty",
                "UNKNOWN_MEMBER at /1/expects: there is no 'expects' here; known are name, request, expect",
                "INVALID_SHAPE at /2: 'expect' is a required property",
                "INVALID_SHAPE at /2: 'name' is a required property",
                "INVALID_SHAPE at /2: 'request' is a required property",
            ],
        ),
    ],
)
def test_what_has_another_shape_is_placed(
    marked: Marked, refused: Refused, kind: str, text: str, findings: list[str]
) -> None:
    text, places = marked(text)
    found = refused(shapes.require, documents.parse_yaml(text, "f"), kind)
    assert [str(finding) for finding in found] == [
        f"f:{line}:{column}: {finding}" for (line, column), finding in zip(places, findings, strict=True)
    ]
