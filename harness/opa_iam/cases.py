"""Case files: requests with what their decisions must be.

A file is a list of cases, or an object of `defaults` (request fields that each case's own go before) and `cases`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opa_iam import decisions, documents, shapes
from opa_iam.documents import pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opa_iam.decisions import Decision
    from opa_iam.engines import Engine


@dataclass(frozen=True)
class Case:
    """One case.

    Attributes:
        name: what it shows, in words.
        request: the request, the file's defaults put in.
        expect: any subset of the decision's fields, at any depth; a list must have the very number of items.
        file: the file that it stands in.
        line: the line on which it begins, from 1.
    """

    name: str
    request: Mapping[str, Any]
    expect: Mapping[str, Any]
    file: str
    line: int


@dataclass(frozen=True)
class Result:
    """What became of a case.

    Attributes:
        case: the case.
        decision: the decision on its request.
        differences: where the decision is not what the case expects, a line each.
    """

    case: Case
    decision: Decision
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the decision is what the case expects."""
        return not self.differences


def read(file: str) -> tuple[Case, ...]:
    """Read a case file, YAML or JSON.

    Raises:
        InputError: the file can't be read.
        DocumentError: it is not well-formed or not a case file.
    """
    source = documents.read(file)
    shapes.require(source, "cases")
    is_list = isinstance(source.value, list)
    defaults = {} if is_list else source.value.get("defaults", {})
    entries = source.value if is_list else source.value["cases"]
    path = "" if is_list else "/cases"
    return tuple(
        Case(
            name=entry["name"],
            request={**defaults, **entry["request"]},
            expect=entry["expect"],
            file=file,
            line=source.place(pointer(path, index))[0],
        )
        for index, entry in enumerate(entries)
    )


def run(engine: Engine, case: Case) -> Result:
    """Decide a case's request and compare.

    Raises:
        EngineError: the engine gives no decision.
    """
    decision = decisions.decide(engine, case.request)
    return Result(case, decision, tuple(_differences(case.expect, decision, "")))


def _differences(expected: Any, actual: Any, path: str) -> Iterator[str]:  # noqa: ANN401
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name, value in expected.items():
            if name in actual:
                yield from _differences(value, actual[name], pointer(path, name))
            else:
                yield f"{pointer(path, name)}: expected {value!r}, but the decision has no such field"
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, (one, other) in enumerate(zip(expected, actual, strict=True)):
            yield from _differences(one, other, pointer(path, index))
    elif expected != actual or isinstance(expected, bool) != isinstance(actual, bool):
        yield f"{path or 'the decision'}: expected {expected!r}, got {actual!r}"
