"""Requests in, decisions out: reading requests, asking an engine.

A decision is the JSON object that `data.iam.authz.decision` gives; it is handed on as it is.
"""

from __future__ import annotations

import json
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from opa_iam import documents
from opa_iam.documents import pointer
from opa_iam.errors import DocumentError, EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from opa_iam.documents import Document
    from opa_iam.engines import Engine
    from opa_iam.errors import OpaIamError

Decision = dict[str, Any]
"""What `data.iam.authz.decision` gives: `allow`, `decision`, `matched_statements`, `near_misses`, `errors`, …"""

_FIELDS = {
    "allow",
    "blocked_by",
    "decision",
    "errors",
    "implicit_denies",
    "matched_statements",
    "missing_context_keys",
    "missing_inputs",
    "near_misses",
    "warnings",
}

BATCH = "iam/authz/batch"
DECISION = "iam/authz/decision"
ALLOW = "iam/authz/allow"

_AT_A_TIME = 100  # requests of a batch; more of them would be no faster


@dataclass(frozen=True)
class Request:
    """One request and where it was read.

    Attributes:
        value: the request as the engine gets it. It is the engine that says whether it is well formed.
        source: the document that it stands in; None for a request made of options.
        path: JSON Pointer to it in there.
    """

    value: Any
    source: Document | None = None
    path: str = ""

    def place(self, path: str) -> str:
        """Return where a part of the request stands, for a message."""
        if self.source is None:
            return path.removeprefix("/") or "request"
        line, column = self.source.place(self.path + path)
        return f"{self.source.file}:{line}:{column}"


def decide(engine: Engine, request: object) -> Decision:
    """Return the decision on one request.

    Raises:
        EngineError: the engine gives none.
    """
    return _checked(engine.query(DECISION, request))


def decide_all(engine: Engine, requests: Iterable[Request]) -> Iterator[tuple[Request, Decision]]:
    """Yield each request and the decision on it, in their order; no more of them are read than are soon decided.

    Where reading a request fails, the decisions on those before it come first, save for the last few.

    Raises:
        EngineError: the engine gives none for one of them.
    """
    if not engine.at_once:
        yield from ((request, decide(engine, request.value)) for request in requests)
        return
    failure: OpaIamError | None = None
    pending: deque[Future[list[tuple[Request, Decision]]]] = deque()
    with ThreadPoolExecutor(engine.at_once) as pool:
        try:
            for batch in _batches(requests):
                pending.append(pool.submit(_decide_batch, engine, batch))
                if len(pending) > 2 * engine.at_once:
                    yield from pending.popleft().result()
        except DocumentError as error:
            failure = error
        while pending:
            yield from pending.popleft().result()
    if failure:
        raise failure


def _batches(requests: Iterable[Request]) -> Iterator[list[Request]]:
    left = iter(requests)
    while batch := list(islice(left, _AT_A_TIME)):
        yield batch


def _decide_batch(engine: Engine, batch: list[Request]) -> list[tuple[Request, Decision]]:
    """Ask for all at once; where that fails, for each alone, so that one doesn't spoil the others."""
    if len(batch) > 1:
        try:
            found = engine.query(BATCH, {"requests": [request.value for request in batch]})
            if isinstance(found, list) and len(found) == len(batch):
                return [(request, _checked(one)) for request, one in zip(batch, found, strict=True)]
        except EngineError:
            pass
    return [(request, decide(engine, request.value)) for request in batch]


def _checked(decision: Any) -> Decision:  # noqa: ANN401
    if isinstance(decision, dict) and decision.keys() >= _FIELDS and isinstance(decision["allow"], bool):
        return decision
    raise EngineError(f"data.{DECISION.replace('/', '.')} is no decision: {decision!r:.200}")


def allow(engine: Engine, request: object) -> bool:
    """Return whether one request is allowed, without the reasons.

    Raises:
        EngineError: the engine does not say.
    """
    return engine.query(ALLOW, request) is True


def read(file: str) -> Iterator[Request]:
    """Yield the requests in a file: one, a list of them, or one a line (JSON Lines), which are read one by one.

    Args:
        file: JSON, JSON Lines or YAML, told by its ending; `-` for JSON or JSON Lines on standard input.

    Raises:
        InputError: the file can't be read.
        DocumentError: it is not well-formed, or holds no request.
    """
    found = (request for source in _sources(file) for request in _requests(source))
    first = next(found, None)
    if first is None:
        raise DocumentError([documents.parse_json("null", file).finding("", "NO_REQUEST", "there is no request in it")])
    yield first
    yield from found


def _sources(file: str) -> Iterator[Document]:
    if file.endswith((".yaml", ".yml")):
        yield documents.read(file)
        return
    lines = enumerate(documents.read_lines(file))
    head = list(_up_to_the_second(lines))
    if file.endswith(".jsonl") or _is_json_lines([line for _, line in head if line.strip()]):
        for number, line in chain(head, lines):
            if line.strip():
                yield documents.parse_json(line, file, number)
    else:
        yield documents.parse_json("\n".join(line for _, line in chain(head, lines)), file)


def _up_to_the_second(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield lines until two of them had something on them."""
    found = 0
    for number, line in lines:
        yield number, line
        found += bool(line.strip())
        if found == 2:  # noqa: PLR2004 - the second
            return


def _is_json_lines(lines: list[str]) -> bool:
    """Tell whether a text has a whole JSON value on its first line, right or wrong, and more after it."""
    if len(lines) < 2:  # noqa: PLR2004 - one value is no list of lines
        return False
    try:
        json.loads(lines[0])
    except (ValueError, RecursionError):
        return False
    return True


def _requests(source: Document) -> Iterator[Request]:
    if isinstance(source.value, list):
        yield from (Request(value, source, pointer("", index)) for index, value in enumerate(source.value))
    else:
        yield Request(source.value, source)
