from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from opa_iam import lowering, opa

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FEW = 5


@pytest.fixture
def portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[Any]]:
    """The documents of each question that OPA is asked, with a cache that is empty at first."""
    monkeypatch.setenv("OPA_IAM_CACHE", str(tmp_path))
    seen: list[list[Any]] = []
    evaluate = opa.evaluate_json

    def watched(query: str, text: str) -> Any:  # noqa: ANN401
        seen.append([item["document"] for item in json.loads(text)["documents"]])
        return evaluate(query, text)

    monkeypatch.setattr(opa, "evaluate_json", watched)
    return seen


def document(number: int) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Action": f"s3:Get{number}", "Resource": "*"}]}


def of_identity(documents: Sequence[Any]) -> list[lowering.Lowered]:
    return lowering.of((document, "identity") for document in documents)


def test_documents_are_lowered_in_their_order(portions: list[list[Any]]) -> None:
    documents = [document(number) for number in range(FEW)]
    found = of_identity(documents)
    names = [list(lowered["actions"]["Allow"]["s3"]["always"]) for lowered in found]
    assert names == [[f"get{number}"] for number in range(FEW)]
    asked = [one for portion in portions for one in portion]
    assert len(asked) == FEW
    assert all(one in documents for one in asked)


def test_equal_documents_are_lowered_once(portions: list[list[Any]]) -> None:
    first, second, third = of_identity([document(1), dict(reversed(document(1).items())), document(1)])
    assert first == second == third
    assert portions == [[document(1)]]


def test_a_document_is_lowered_for_each_policy_type(portions: list[list[Any]]) -> None:
    identity, trust = lowering.of([(document(1), "identity"), (document(1), "role_trust")])
    assert identity["problems"] == []
    assert {problem["code"] for problem in trust["problems"]} >= {"ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE"}
    assert sum(map(len, portions)) == len([identity, trust])


def test_what_was_lowered_is_not_lowered_again(portions: list[list[Any]]) -> None:
    first = of_identity([document(1), document(2)])
    portions.clear()
    assert of_identity([document(2), document(3), document(1)])[::2] == first[::-1]
    assert portions == [[document(3)]]


def test_many_documents_go_in_portions(portions: list[list[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lowering, "_PORTION", 250)
    documents = [document(number) for number in range(FEW)]
    assert of_identity(documents) == [of_identity([one])[0] for one in documents]
    assert sorted(len(portion) for portion in portions) == [1, 2, 2]


def test_no_document_asks_nobody(portions: list[list[Any]]) -> None:
    assert of_identity([]) == []
    assert portions == []


def test_a_cache_that_is_no_cache_is_passed_over(portions: list[list[Any]], tmp_path: Path) -> None:
    first = of_identity([document(1)])
    (kept,) = (tmp_path / "lowered").iterdir()
    kept.write_bytes(b"no database" * 1000)
    assert of_identity([document(1)]) == first
    assert portions == [[document(1)], [document(1)]]
