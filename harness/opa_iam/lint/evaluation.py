"""The Rego's findings on documents, asked of OPA or of the shipped module, and kept by what they depend on."""

from __future__ import annotations

import functools
import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opa_iam import cache, catalogue, files, json_bytes, library, opa, webassembly
from opa_iam.errors import EngineError, Finding, InputError, Location

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from opa_iam.engines import Engine
    from opa_iam.lint.subjects import Subject

Raw = dict[str, Any]
"""A finding as the Rego gives it."""

_RULES = "iam/lint/reports", "iam/lint/errors"
_TOO_MUCH: Raw = {
    "at_key": False,
    "code": "OPA_IAM_NOT_EVALUATED",
    "locations": [""],
    "mend": "",
    "message": "only errors are looked for: without OPA, the document has too many patterns for the rest",
    "path": "",
    "severity": "WARNING",
}
_LIBRARIES = 8  # whose findings are kept, of each rule
_FOR_A_PROCESS = 50  # documents; for fewer, a second OPA costs more than it saves
_PORTION = 800  # documents that a process gets at most: all at once take more memory, and no less time


def findings(  # noqa: PLR0913 - what of the Rego's answers is wanted
    subjects: Sequence[Subject],
    *,
    only_errors: bool = False,
    selected: Iterable[str] = (),
    extra_services: Iterable[str] = (),
    with_reference: bool = True,
    ignored: Collection[str] = (),
) -> list[Finding]:
    """Return the Rego's findings on documents.

    Args:
        subjects: the documents.
        only_errors: whether findings of other severities are left out, which is quicker.
        selected: the optional codes that are looked for.
        extra_services: prefixes of services that the reference doesn't know.
        with_reference: whether AWS's service authorization reference is asked, where there is one.
        ignored: the codes that are left out; to tell where a finding stands takes a while.

    Raises:
        EngineError: there is no answer.
    """
    version = catalogue.version() if with_reference else None
    settings = {"extra_services": sorted(extra_services)}
    items = [_item(subject, sorted(selected), settings) for subject in subjects]
    found = _answers(items, _RULES[only_errors], version)
    return [
        finding
        for subject, raws in zip(subjects, found, strict=True)
        for finding in _placed(subject, (raw for raw in raws if raw["code"] not in ignored))
    ]


def _item(subject: Subject, selected: list[str], settings: Raw) -> Raw:
    size = {} if subject.size is None else {"size": subject.size}
    return {
        **size,
        "document": subject.document,
        "policy_type": subject.policy_type,
        "resource_type": subject.resource_type,
        "managed": subject.managed,
        "aws_managed": subject.is_of_aws,
        "guessed": subject.guessed,
        "settings": settings,
        "selected": selected,
    }


def _placed(subject: Subject, raws: Iterable[Raw]) -> Iterator[Finding]:
    for raw in raws:
        at_key = raw["at_key"]
        locations = [_location(subject, path, at_key=at_key) for path in raw["locations"]]
        _, line, column = _location(subject, raw["path"], at_key=at_key)
        yield Finding(
            file=subject.source.file,
            line=line,
            column=column,
            path=subject.path + raw["path"],
            code=raw["code"],
            message=raw["message"],
            severity=raw["severity"],
            mend=raw["mend"],
            locations=tuple(locations) if len(locations) > 1 else (),
            policy=subject.policy,
        )


def _location(subject: Subject, path: str, *, at_key: bool) -> Location:
    whole = subject.path + path
    return Location(whole, *subject.source.place(whole, at_key=at_key))


def _answers(items: list[Raw], rule: str, version: str | None) -> list[list[Raw]]:
    """Return the findings on each item, those that are not in the cache from an engine."""
    basis = _digest(f"{_library()}\0{rule}\0{version}\0{_reader()}")
    texts = [json.dumps(item, sort_keys=True) for item in items]
    with cache.Values(cache.folder("lint") / f"{basis[:16]}.sqlite", _LIBRARIES) as values:
        answers: dict[str, list[Raw]] = {text: json_bytes.loads(value) for text, value in values.get(texts).items()}
        missing = {text: item for text, item in zip(texts, items, strict=True) if text not in answers}
        if missing:
            found = dict(zip(missing, _asked(list(missing.values()), rule, _reference(version)), strict=True))
            values.put({text: json_bytes.dumps(answer) for text, answer in found.items() if _TOO_MUCH not in answer})
            answers.update(found)
    return [answers[text] for text in texts]


@functools.cache
def _library() -> str:
    return files.digest(library.rego())


@functools.cache
def _reader() -> str:
    """Return a digest of what reduces the reference."""
    return hashlib.sha256(Path(catalogue.__file__).read_bytes()).hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _reference(version: str | None) -> bytes:
    """Return `data` with the reduced reference, which takes longer to make than to read."""
    if version is None:
        return b"{}"
    place = cache.folder("reference") / f"{version}-{_reader()[:16]}.json"
    if not place.is_file():
        data = json_bytes.dumps({"iam": {"reference": catalogue.reference()}})
        with suppress(InputError, OSError), files.replacing(place) as new:  # else the next run makes it again
            (new / place.name).write_bytes(data)
        return data
    return place.read_bytes()


def _asked_module(items: list[Raw], rule: str, data: bytes) -> list[list[Raw]]:
    from opa_iam.engines.wasm import WasmEngine  # noqa: PLC0415 - wasmtime takes long to import

    # One at a time: a query has 512 MB, which many documents together would need more of.
    with WasmEngine(webassembly.of_library(), data) as engine:
        return [_of_module(engine, item, rule) for item in items]


def _of_module(engine: Engine, item: Raw, rule: str) -> list[Raw]:
    """Return the findings on one document; of one that is too much for a module the errors, and that it is."""
    try:
        found: list[list[Raw]] = engine.query(rule, {"documents": [item]})
    except EngineError:
        if rule == _RULES[True]:
            raise
        return [*_of_module(engine, item, _RULES[True]), _TOO_MUCH]
    return found[0]


def _asked(items: list[Raw], rule: str, data: bytes) -> list[list[Raw]]:
    """Ask OPA, or without one the shipped module."""
    if not opa.is_at_hand() and webassembly.shipped():
        return _asked_module(items, rule, data)
    processes = max(1, min(os.cpu_count() or 1, len(items) // _FOR_A_PROCESS))
    count = max(processes, -(-len(items) // _PORTION))
    parts = [items[number::count] for number in range(count)]
    query = f"data.{rule.replace('/', '.')}"
    with ThreadPoolExecutor(processes) as threads:
        found = list(threads.map(lambda part: opa.evaluate(query, {"documents": part}, data), parts))
    return [found[number % count][number // count] for number in range(len(items))]
