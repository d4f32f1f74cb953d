"""Every case decided by OPA and by WebAssembly: the decisions are the same, byte for byte."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from opa_iam import cases, decisions, library
from opa_iam.engines import open_engine
from opa_iam.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opa_iam.cases import Case
    from opa_iam.engines import Engine

_FILES = sorted(file for name in ("tests/cases", "examples") for file in (library.root() / name).glob("*.iam.yaml"))
CASES = [case for file in _FILES for case in cases.read(str(file))]


@pytest.fixture(scope="module")
def wasm() -> Iterator[Engine]:
    with open_engine("wasm", str(library.root())) as opened:
        yield opened


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_decided_alike(engine: Engine, wasm: Engine, case: Case) -> None:
    decision = decisions.decide(engine, case.request)
    assert canonical(decisions.decide(wasm, case.request)) == canonical(decision)
    assert [each.query("iam/authz/allow", case.request) for each in (engine, wasm)] == [decision["allow"]] * 2


def test_a_batch_of_answers_is_that_of_every_case(engine: Engine, wasm: Engine) -> None:
    asked = [case.request for case in CASES[:100]]
    answers = engine.query("iam/authz/batch_allow", {"requests": asked})
    assert wasm.query("iam/authz/batch_allow", {"requests": asked}) == answers
    assert answers == [engine.query("iam/authz/allow", request) for request in asked]


_ROLE = "arn:aws:iam::111122223333:role/OnCallEngineer"
_SESSION = "arn:aws:sts::111122223333:assumed-role/ONCALLENGINEER/ana"
_PLAN = "arn:aws:ssm-incidents::111122223333:response-plan/p"


@pytest.mark.parametrize("principal", [_ROLE, _SESSION, f"{_ROLE}/", "arn:aws:iam::111122223333:user/nobody"])
@pytest.mark.parametrize("action", ["ssm-incidents:StartIncident", "SSM-Incidents:getincidentrecord", "s3:*", "s3:a:b"])
@pytest.mark.parametrize(
    "more", [{"resource": _PLAN}, {"resource": "*"}, {"resource": "x"}, {}, {"context": {"k": None}}]
)
def test_a_plain_request_of_a_compiled_caller_is_decided_alike(
    engine: Engine, wasm: Engine, principal: str, action: str, more: dict[str, object]
) -> None:
    request = {"principal": principal, "action": action, **more}
    decision = decisions.decide(engine, request)
    assert canonical(decisions.decide(wasm, request)) == canonical(decision)
    assert [each.query("iam/authz/allow", request) for each in (engine, wasm)] == [decision["allow"]] * 2


def identity(**statement: object) -> dict[str, object]:
    rest = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    return {"identity": [{"Version": "2012-10-17", "Statement": [rest, {**rest, "Effect": "Deny", **statement}]}]}


def like(value: object, operator: str = "StringLike") -> dict[str, object]:
    return {"Condition": {operator: {"k": value}}}


# What a regular expression, a number or a text could be taken for by one engine and not by the other.
ODD: dict[str, dict[str, object]] = {
    "a NUL in a pattern": {
        "resource": "arn:aws:s3:::b/a\0x",
        "policies": identity(Resource="arn:aws:s3:::b/a\0*"),
    },
    "a NUL in a variable": {"context": {"k": "a\0"}, "policies": identity(Resource="arn:aws:s3:::${k}")},
    "half a surrogate pair": {"context": {"k": "\ud800"}, "policies": identity(**like("?"))},
    "beyond the basic plane": {"context": {"k": "\U0001f600"}, "policies": identity(**like("?"))},
    "letters that only Unicode folds": {"action": "S3:GET\u0130\u212a\u017f", "policies": identity(Action="s3:get*")},
    "expressions' own characters": {
        "resource": "arn:aws:s3:::b/[a]{b}\\d.+(^$|",
        "policies": identity(Resource="arn:aws:s3:::b/[a]{b}\\d.+(^$|*"),
    },
    "two hundred asterisks": {
        "resource": "arn:aws:s3:::b/" + "a" * 8000,
        "policies": identity(Resource="arn:aws:s3:::b/" + "*a" * 200 + "b"),
    },
    "names that bytes with a sign would exchange": {
        "context": {"\ue000": "x", "zz": "x", "\u00c9": "x", "\u00e9": "x"},
        "policies": identity(
            Condition={"StringEquals": {"k\ue000": "x", "kzz": "x", "k\u00e9": "x", "\ue000": "y", "zz": "y"}}
        ),
    },
    "warnings about them": {
        "context": {"\ue000": "x", "zz": "x", "\u00e9": "x"},
        "policies": identity(Resource=["\ue000", "zz", "\u00e9", "Z"]),
    },
    "equal numbers that are written in two ways": {
        "context": {"k": 1.0, "l": 1, "m": -0.0, "n": 0, "o": 1e21, "p": 10**21},
        "policies": identity(**like([1, 1.0, -0.0, 0, 1e21, 10**21], "Bool")),
    },
    "a large number": {"context": {"k": 10**30}, "policies": identity(**like(10**30, "StringEquals"))},
    "a small number": {"context": {"k": 1e-7}, "policies": identity(**like(1e-7, "StringEquals"))},
    "a number of many digits": {"context": {"k": 0.1 + 0.2}, "policies": identity(**like(0.1 + 0.2, "StringEquals"))},
    "a number for the action": {"action": 1e25},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_request_is_decided_alike(engine: Engine, wasm: Engine, odd: dict[str, object]) -> None:
    user = "arn:aws:iam::111122223333:user/ana"
    request = {"principal": user, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", **odd}
    assert canonical(decisions.decide(wasm, request)) == canonical(decisions.decide(engine, request))


def test_neither_engine_breaks_on_a_request_that_is_nested_too_deeply(engine: Engine, wasm: Engine) -> None:
    deep: dict[str, object] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    for each in (engine, wasm):
        with pytest.raises(EngineError, match="can't be written as JSON"):
            decisions.decide(each, deep)
