from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import pytest

from opa_iam import decisions
from opa_iam.decisions import Request
from opa_iam.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable
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
    read = decisions.read(file)
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
    (found,) = refused(decisions.read, file)
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
