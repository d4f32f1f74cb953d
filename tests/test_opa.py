from __future__ import annotations

import re

import pytest

from opa_iam import library, opa
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


def test_only_what_a_query_needs_is_loaded() -> None:
    packages = {path.parent.name for path in library.reached("data.iam.document.lowered_documents")}
    assert {"document", "pattern", "condition"} <= packages
    assert packages.isdisjoint({"authz", "ci", "lint", "lookup"})
    assert library.reached("input.a") == []
    assert len(library.reached("data.iam")) == len(library.rego())
    rego = library.root() / "rego"
    deciding = {path.relative_to(rego).as_posix() for path in library.reached("data.iam.authz.allow")}
    assert deciding == library.deciding().keys()


def test_the_library_names_packages_in_full() -> None:
    """Else it would not be seen which of them a query needs."""
    for name, content in library.rego().items():
        assert not re.search(rb"^[^#]*\bdata\s*\[|^import data$", content, re.MULTILINE), name
