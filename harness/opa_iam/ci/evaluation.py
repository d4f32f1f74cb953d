"""What the Rego says of files: the report that Conftest's findings are as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opa_iam import building, bundle, json_bytes, opa, webassembly

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opa_iam.ci.settings import Rules
    from opa_iam.documents import Document

Raw = dict[str, Any]
"""What the Rego gives."""

_RULE = "iam/ci/report"


def combined(files: Iterable[Document]) -> list[dict[str, Any]]:
    """Return the input for files, as `conftest test --combine` makes it."""
    return [{"path": file.file, "contents": file.value} for file in files]


def report(files: Iterable[Document], rules: Rules, bundle_reference: str | None = None) -> Raw:
    """Return what the Rego says.

    Args:
        files: what is judged.
        rules: what holds.
        bundle_reference: the bundle whose data are asked beside the files: what `bundle.locate` takes.

    Raises:
        InputError: there is no such bundle.
        DocumentError: findings in the sources that it is built from.
        EngineError: there is no answer.
    """
    data = bundle.contents(bundle_reference).data
    own = {**data, building.ROOT: {**data.get(building.ROOT, {}), "ci": rules.value}}
    return _asked(combined(files), json_bytes.dumps(own))


def _asked(value: list[dict[str, Any]], data: bytes) -> Raw:
    """Ask OPA, or without one the shipped module."""
    if not opa.is_at_hand() and webassembly.shipped():
        from opa_iam.engines.wasm import WasmEngine  # noqa: PLC0415 - wasmtime takes long to import

        with WasmEngine(webassembly.of_library(), data) as engine:
            found: Raw = engine.query(_RULE, value)
        return found
    answer: Raw = opa.evaluate(f"data.{_RULE.replace('/', '.')}", value, data)
    return answer
