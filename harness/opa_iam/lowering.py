"""Policy documents lowered by the Rego library itself (`iam.document`): a stored policy means what an inline one does.

Equal documents are lowered once, and what an earlier run lowered is not lowered again. The rest goes in portions, small
enough that memory stays bounded, to several OPA processes at a time.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from opa_iam import cache, files, json_bytes, library, opa, progress, webassembly

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Lowered = dict[str, Any]
"""A document's compiled form and its `problems`, as `iam.document` gives them."""

_RULE = "iam/document/lowered_documents"
_PORTION = 500_000  # characters of documents
_PROCESSES = 4  # at most: each takes memory
_LIBRARIES = 4  # whose documents are kept


def of(documents: Iterable[tuple[Any, str]]) -> list[Lowered]:
    """Return the lowered form of documents, each given with the policy type that it is lowered for.

    Equal documents share theirs.

    Raises:
        EngineError: OPA, or the WebAssembly module in its place, gives none.
    """
    asked = [_text(document, policy_type) for document, policy_type in documents]
    place = cache.folder("lowered") / f"{files.digest(library.rego())[:16]}.sqlite"
    with cache.Values(place, _LIBRARIES) as values:
        known = values.get(set(asked))
        found = {text: json_bytes.loads(value) for text, value in known.items()}
        missing = [text for text in dict.fromkeys(asked) if text not in known]
        for portion, lowered in _portions_lowered(missing):
            values.put({text: json_bytes.dumps(one) for text, one in zip(portion, lowered, strict=True)})
            found.update(zip(portion, lowered, strict=True))
    return [found[text] for text in asked]


def _text(document: object, policy_type: str) -> str:
    return json.dumps({"document": document, "policy_type": policy_type}, sort_keys=True)


def _portions_lowered(texts: Sequence[str]) -> Iterator[tuple[Sequence[str], list[Lowered]]]:
    portions = list(_portions(texts))
    with progress.of("policy documents", len(texts)) as advance:
        for portion, lowered in zip(portions, _answers(portions), strict=True):
            yield portion, lowered
            advance(len(portion))


def _portions(texts: Sequence[str]) -> Iterator[list[str]]:
    """Deal the texts out, so that every portion has as many long ones."""
    count = -(-sum(map(len, texts)) // _PORTION)
    if len(texts) > 1:
        count = max(count, _processes())
    yield from (list(texts[number::count]) for number in range(min(count, len(texts))))


def _answers(portions: Sequence[Sequence[str]]) -> Iterator[list[Lowered]]:
    """Ask the library's own Rego: OPA, or without one the shipped module."""
    if not portions:
        return
    if opa.is_at_hand() or not webassembly.shipped():
        opa.program()  # once, and not by each of the threads
        with ThreadPoolExecutor(_processes()) as pool:
            yield from pool.map(_ask_opa, portions)
    else:
        from opa_iam.engines.wasm import WasmEngine  # noqa: PLC0415 - wasmtime takes long to import

        with WasmEngine(webassembly.of_library(), b"{}") as engine:
            yield from (engine.query(_RULE, json.loads(_input(portion))) for portion in portions)


def _ask_opa(portion: Sequence[str]) -> list[Lowered]:
    lowered: list[Lowered] = opa.evaluate_json(f"data.{_RULE.replace('/', '.')}", _input(portion))
    return lowered


def _input(portion: Sequence[str]) -> str:
    return f'{{"documents": [{",".join(portion)}]}}'


def _processes() -> int:
    return min(os.cpu_count() or 1, _PROCESSES)
