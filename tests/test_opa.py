from __future__ import annotations

import pytest

from opa_iam import opa
from opa_iam.errors import EngineError


def test_an_evaluation_sees_the_rego_and_the_input() -> None:
    assert opa.evaluate("[data.iam.document.as_list(input.a), input.b]", {"a": 1, "b": "é"}) == [[1], "é"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("data.iam.nothing", "OPA gives nothing for: data.iam.nothing"),
        ("][", "opa eval failed: "),
    ],
)
def test_an_evaluation_without_a_value_is_an_engines_error(query: str, message: str) -> None:
    with pytest.raises(EngineError) as raised:
        opa.evaluate(query, {})
    assert str(raised.value).startswith(message)
