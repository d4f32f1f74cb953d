from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import pytest

from opa_iam import decisions
from opa_iam.decisions import Request
from opa_iam.errors import DocumentError, EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from opa_iam.engines import LocalOpa
    from opa_iam.errors import Finding

    Refused = Callable[..., tuple[Finding, ...]]

USER = "arn:aws:iam::111122223333:user/Ana"
EVERYTHING = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    """A function that writes a file of requests and returns its name."""

    def write_text(name: str, text: str) -> str:
        (tmp_path / name).write_bytes(text.encode())
        return str(tmp_path / name)

    return write_text


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.json", '{"a": 1}', [({"a": 1}, "1:7")]),
        ("a.json", '[{"a": 1},\n {"a": 2}]', [({"a": 1}, "1:8"), ({"a": 2}, "2:8")]),
        ("a.json", '{\n "a": 1\n}\n', [({"a": 1}, "2:7")]),
        ("a.json", '{"a": 1}\n\n{"a": 2}\n', [({"a": 1}, "1:7"), ({"a": 2}, "3:7")]),
        ("a.jsonl", '\n{"a": 1}\r\n\r\n{"a": 2}', [({"a": 1}, "2:7"), ({"a": 2}, "4:7")]),
        ("a.jsonl", '{"a": 1}', [({"a": 1}, "1:7")]),
        ("a.jsonl", '[{"a": 1}, {"a": 2}]\n{"a": 3}', [({"a": 1}, "1:8"), ({"a": 2}, "1:18"), ({"a": 3}, "2:7")]),
        ("a.jsonl", '{"a": "\u2028\u0085"}\n{"a": 2}', [({"a": "\u2028\u0085"}, "1:7"), ({"a": 2}, "2:7")]),
        ("a.jsonl", '\ufeff{"a": 1}\n{"a": 2}', [({"a": 1}, "1:7"), ({"a": 2}, "2:7")]),
        ("a.yaml", "a: 2012-10-17\n", [({"a": "2012-10-17"}, "1:4")]),
        ("a.yml", "- a: on\n- a: 2\n", [({"a": "on"}, "1:6"), ({"a": 2}, "2:6")]),
        ("a", '{"a": 1}', [({"a": 1}, "1:7")]),
        ("a.json", "[7]", [(7, "1:2")]),
    ],
)
def test_requests_are_read_with_their_places(
    write: Callable[[str, str], str], name: str, text: str, expected: list[tuple[object, str]]
) -> None:
    file = write(name, text)
    read = list(decisions.read(file))
    assert [(request.value, request.place("/a")) for request in read] == [
        (value, f"{file}:{place}") for value, place in expected
    ]


def test_requests_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"a": 1}\n{"a": 2}\n')))
    assert [(request.value, request.place("/a")) for request in decisions.read("-")] == [
        ({"a": 1}, "-:1:7"),
        ({"a": 2}, "-:2:7"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "finding"),
    [
        ("a.json", "[]", "1:1: NO_REQUEST: there is no request in it"),
        ("a.jsonl", "\n \n", "1:1: NO_REQUEST: there is no request in it"),
        ("a.yaml", "[]", "1:1: NO_REQUEST: there is no request in it"),
        ("a.json", "", "1:1: JSON_SYNTAX_ERROR: Expecting value"),
        ("a.json", '{"a": 1\n{"a": 2}', "2:1: JSON_SYNTAX_ERROR: Expecting ',' delimiter"),
        ("a.jsonl", '{"a": 1}\n\n{"a" 2}', "3:6: JSON_SYNTAX_ERROR: Expecting ':' delimiter"),
        ("a.json", '{"a": 1}\n{"a": NaN}', "2:7: JSON_SYNTAX_ERROR at /a: NaN is not a number in JSON"),
        ("a.json", '{"a": 1, "a": 2}\n{}', "1:10: OPA_IAM_DUPLICATE_MEMBER at /a: the key 'a' stands twice"),
        ("a.jsonl", '{}\n{"a": 1, "a": 2}', "2:10: OPA_IAM_DUPLICATE_MEMBER at /a: the key 'a' stands twice"),
        ("a.jsonl", "{}\n" + "[" * 200 + "]" * 200, "2:1: JSON_SYNTAX_ERROR: nested more than 100 levels deep"),
        ("a.jsonl", "{}\n" + "[" * 9999 + "]" * 9999, "2:1: JSON_SYNTAX_ERROR: nested more than 100 levels deep"),
        ("a.yaml", "- a: 1\n- a: [", "2:7: YAML_SYNTAX_ERROR: expected the node content, but found '<stream end>'"),
    ],
)
def test_what_holds_no_requests_is_placed(
    write: Callable[[str, str], str], refused: Refused, name: str, text: str, finding: str
) -> None:
    file = write(name, text)
    (found,) = refused(lambda: list(decisions.read(file)))
    assert str(found).startswith(f"{file}:{finding}")


@pytest.mark.parametrize(("path", "place"), [("", "request"), ("/context/a~1b", "context/a~1b")])
def test_a_request_without_a_file_is_placed_by_its_parts(path: str, place: str) -> None:
    assert Request({}).place(path) == place


@pytest.mark.parametrize(("action", "allowed"), [("s3:GetObject", True), ("iam:GetUser", False)])
def test_a_decision_and_its_short_form_agree(engine: LocalOpa, action: str, *, allowed: bool) -> None:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    request = {"principal": USER, "action": action, "policies": {"identity": [{"Statement": statement}]}}
    decision = decisions.decide(engine, request)
    assert (decision["allow"], decision["decision"]) == (allowed, "allowed" if allowed else "implicitDeny")
    assert decisions.allow(engine, request) is allowed


@pytest.mark.parametrize("request_value", [{}, None, [], "s3:GetObject", {"principal": USER, "action": 1}])
def test_what_is_no_request_is_decided_no_with_errors(engine: LocalOpa, request_value: object) -> None:
    decision = decisions.decide(engine, request_value)
    assert (decision["allow"], decision["decision"], decision["matched_statements"]) == (False, "implicitDeny", [])
    assert decision["errors"]
    assert decisions.allow(engine, request_value) is False


class Answering:
    """An engine that gives one answer to everything, as an OPA with another bundle would."""

    at_once = 2

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def query(self, path: str, value: object) -> Any:  # noqa: ANN401
        del path, value
        return self.answer


@pytest.mark.parametrize("answer", [None, True, [], {}, {"allow": 1}, {"allow": "true"}])
def test_what_is_no_decision_is_an_engines_error(answer: object) -> None:
    with pytest.raises(EngineError) as raised:
        decisions.decide(Answering(answer), {})
    assert str(raised.value) == f"data.iam.authz.decision is no decision: {answer!r}"


@pytest.mark.parametrize("answer", [None, False, 1, "true", {}])
def test_only_true_allows(answer: object) -> None:
    assert decisions.allow(Answering(answer), {}) is False


class Counting:
    """An engine whose decisions tell the request, which fails for batches with a request that is `bad`."""

    at_once = 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def query(self, path: str, value: Any) -> Any:  # noqa: ANN401
        self.asked.append(path)
        if path == decisions.BATCH:
            if "bad" in value["requests"]:
                raise EngineError("too much")
            return [self.decision(request) for request in value["requests"]]
        return self.decision(value)

    def decision(self, request: object) -> dict[str, Any]:
        fields = ["blocked_by", "implicit_denies", "matched_statements", "missing_context_keys", "near_misses"]
        rest = ["missing_inputs", "warnings"]
        return {**{key: [] for key in [*fields, *rest]}, "allow": True, "decision": "allowed", "errors": [request]}


def test_many_requests_are_decided_in_batches_and_in_order() -> None:
    engine = Counting()
    decided = list(decisions.decide_all(engine, (Request(number) for number in range(950))))
    assert [(request.value, *decision["errors"]) for request, decision in decided] == [(n, n) for n in range(950)]
    assert engine.asked == [decisions.BATCH] * 10


def test_one_request_is_no_batch() -> None:
    engine = Counting()
    ((_, decision),) = decisions.decide_all(engine, [Request("a")])
    assert (decision["errors"], engine.asked) == (["a"], [decisions.DECISION])


def test_an_engine_without_batches_is_asked_for_each() -> None:
    engine = Counting()
    engine.at_once = 0
    assert len(list(decisions.decide_all(engine, [Request("a"), Request("b")]))) == len(engine.asked)
    assert set(engine.asked) == {decisions.DECISION}


def test_a_batch_that_fails_is_decided_one_by_one() -> None:
    engine = Counting()
    requests = [Request("a"), Request("bad"), Request("b")]
    decided = [decision["errors"] for _, decision in decisions.decide_all(engine, requests)]
    assert decided == [["a"], ["bad"], ["b"]]
    assert engine.asked == [decisions.BATCH, *[decisions.DECISION] * 3]


def test_no_more_is_read_than_is_soon_decided() -> None:
    read = 0

    def endless() -> Iterator[Request]:
        nonlocal read
        while True:
            read += 1
            yield Request(read)

    decided = decisions.decide_all(Counting(), endless())
    assert [next(decided)[0].value for _ in range(3000)] == list(range(1, 3001))
    assert read <= 3000 + 600


def test_what_stands_before_a_fault_is_decided(write: Callable[[str, str], str]) -> None:
    file = write("a.jsonl", '"x"\n' * 700 + "{\n")
    decided = decisions.decide_all(Counting(), decisions.read(file))
    assert [next(decided)[0].value for _ in range(700)] == ["x"] * 700
    with pytest.raises(DocumentError) as raised:
        next(decided)
    assert raised.value.findings[0].line == 701


def test_a_real_engine_decides_a_batch_as_one_by_one(engine: LocalOpa) -> None:
    policies = {"identity": [EVERYTHING]}
    values = [{"principal": USER, "action": f"s3:Get{n}", "policies": policies} for n in range(3)] + [None]
    decided = [decision for _, decision in decisions.decide_all(engine, map(Request, values))]
    assert decided == [decisions.decide(engine, value) for value in values]
