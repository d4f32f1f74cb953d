"""Every case decided by OPA and by WebAssembly: the decisions are the same, byte for byte."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from opa_iam import cases, decisions, library
from opa_iam.engines import open_engine

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
