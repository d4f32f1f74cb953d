"""Whatever a document is, it is answered: each cause once at a place, under a documented code (LINT-5, LINT-6)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opa_iam import catalogue, webassembly
from opa_iam.engines.wasm import WasmEngine
from opa_iam.lint import codes, inputs

if TYPE_CHECKING:
    from collections.abc import Iterator


def _words(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *text.split()])


TEXTS = _words(
    """* Allow Deny s3:GetObject s3:* s3:Nope iam:PassRole ec2:RunInstances sts:AssumeRole sts:AssumeRoleWithSAML x:y
    arn:aws:s3:::b/* arn:aws:s3:::b arn:aws:iam::111122223333:role/x arn:aws:iam::111122223333:saml-provider/p arn:a
    ${aws:username} ${ ${} 2012-10-17 2008-10-17 lambda.amazonaws.com 10.0.0.0/8 ::/0 2020-01-01 7 true
    AROAEXAMPLEEXAMPLE token.actions.githubusercontent.com repo:* vpc-12345678 \N{SNOWMAN}"""
)
SCALARS = TEXTS | st.none() | st.booleans() | st.integers(-1, 9) | st.just(0.5)
OPERATORS = _words(
    """StringEquals StringLike StringNotLike Bool Null ForAllValues:StringLike ForAnyValue:StringEquals IpAddress
    NotIpAddress DateLessThan NumericLessThan ArnLike BinaryEquals StringEqualsIfExists NullIfExists Nope"""
)
KEYS = _words(
    """aws:SourceIp aws:PrincipalArn aws:userid s3:prefix aws:ResourceTag/a aws:RequestTag aws:TagKeys aws:SourceVpc
    dynamodb:Attributes token.actions.githubusercontent.com:sub aws:SourceArn kms:ViaService aws:CurrentTime x"""
)
ELEMENTS = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"]
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(ELEMENTS) | KEYS, inner, max_size=3),
    max_leaves=6,
)
ONE_OR_MORE = TEXTS | st.lists(TEXTS | SCALARS, max_size=3)
CONDITION = st.dictionaries(OPERATORS, st.dictionaries(KEYS, ONE_OR_MORE | ANYTHING, max_size=2) | ANYTHING, max_size=2)
PRINCIPAL = st.just("*") | st.dictionaries(st.sampled_from(["AWS", "Service", "Federated"]), ONE_OR_MORE, max_size=2)
STATEMENT = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]) | ANYTHING},
    optional={
        **dict.fromkeys(("Action", "NotAction", "Resource", "NotResource"), ONE_OR_MORE | ANYTHING),
        "Sid": TEXTS | ANYTHING,
        "Principal": PRINCIPAL | ANYTHING,
        "NotPrincipal": PRINCIPAL,
        "Condition": CONDITION | ANYTHING,
    },
)
DOCUMENT = ANYTHING | st.fixed_dictionaries(
    {"Statement": STATEMENT | st.lists(STATEMENT | ANYTHING, max_size=3)},
    optional={"Version": st.sampled_from(["2012-10-17", "2008-10-17"]) | ANYTHING, "Id": TEXTS | ANYTHING},
)
ITEM = st.fixed_dictionaries(
    {
        "document": DOCUMENT,
        "policy_type": st.sampled_from(sorted(set(inputs.TYPES.values()))),
        "resource_type": st.sampled_from(["", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::DynamoDB::Table"]),
        "managed": st.booleans(),
        "aws_managed": st.booleans(),
        "guessed": st.booleans(),
        "settings": st.just({"extra_services": ["x"]}),
        "selected": st.just([code.name for code in codes.every().values() if code.optional]),
    }
)


@pytest.fixture(scope="module")
def engine() -> Iterator[WasmEngine]:
    """The library as a module, which answers in a thousandth of the time that a process takes."""
    data = {"iam": {"reference": catalogue.reference()}}
    with WasmEngine(webassembly.of_library(), json.dumps(data).encode()) as opened:
        yield opened


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(item=ITEM)
def test_any_document_has_findings_or_none(engine: WasmEngine, item: dict[str, Any]) -> None:
    (found,) = engine.query("iam/lint/reports", {"documents": [item]})
    (errors,) = engine.query("iam/lint/errors", {"documents": [item]})
    assert errors == [each for each in found if each["severity"] == "ERROR"]
    places = [(each["code"], each["path"], each["message"]) for each in found]
    assert [place for place in places if places.count(place) > 1] == []
    assert {each["code"] for each in found} <= set(codes.every())
    assert {each["severity"] for each in found} <= set(codes.SEVERITIES)
    assert found or isinstance(item["document"], dict)


def test_many_patterns_are_not_too_much(engine: WasmEngine) -> None:
    statements = [
        {"Sid": f"S{n}", "Effect": "Allow", "Action": [f"s3:*{n}a*b"], "Resource": [f"arn:aws:s3:::b{n}*/x?*"]}
        for n in range(100)
    ]
    item = {"kind": "identity", "document": {"Version": "2012-10-17", "Statement": statements}}
    (found,) = engine.query("iam/lint/reports", {"documents": [item]})
    assert {"/Statement/0/Action/0", "/Statement/99/Action/0"} <= {each["path"] for each in found}
