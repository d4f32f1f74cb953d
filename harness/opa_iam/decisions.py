"""Requests in, decisions out: reading requests, asking an engine.

A decision is the JSON object that `data.iam.authz.decision` gives; it is handed on as it is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opa_iam import documents
from opa_iam.documents import pointer
from opa_iam.errors import DocumentError, EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opa_iam.documents import Document
    from opa_iam.engines import Engine

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

DECISION = "iam/authz/decision"
ALLOW = "iam/authz/allow"


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
    decision = engine.query(DECISION, request)
    if not isinstance(decision, dict) or not decision.keys() >= _FIELDS or not isinstance(decision["allow"], bool):
        raise EngineError(f"data.{DECISION.replace('/', '.')} is no decision: {decision!r:.200}")
    return decision


def allow(engine: Engine, request: object) -> bool:
    """Return whether one request is allowed, without the reasons.

    Raises:
        EngineError: the engine does not say.
    """
    return engine.query(ALLOW, request) is True


def read(file: str) -> tuple[Request, ...]:
    """Read requests from a file: one, a list of them, or one a line (JSON Lines).

    Args:
        file: JSON, JSON Lines or YAML, told by its ending; `-` for JSON or JSON Lines on standard input.

    Raises:
        InputError: the file can't be read.
        DocumentError: it is not well-formed, or holds no request.
    """
    requests = tuple(request for source in _sources(file) for request in _requests(source))
    if not requests:
        raise DocumentError([documents.parse_json("null", file).finding("", "NO_REQUEST", "there is no request in it")])
    return requests


def _sources(file: str) -> Iterable[Document]:
    text = documents.read_text(file)
    if file.endswith((".yaml", ".yml")):
        return [documents.parse_yaml(text, file)]
    lines = [(number, line) for number, line in enumerate(text.split("\n")) if line.strip()]
    if file.endswith(".jsonl") or _is_json_lines(lines):
        return [documents.parse_json(line, file, number) for number, line in lines]
    return [documents.parse_json(text, file)]


def _is_json_lines(lines: list[tuple[int, str]]) -> bool:
    """Tell whether a text has a whole JSON value on its first line, right or wrong, and more after it."""
    if len(lines) < 2:  # noqa: PLR2004 - one value is no list of lines
        return False
    try:
        json.loads(lines[0][1])
    except (ValueError, RecursionError):
        return False
    return True


def _requests(source: Document) -> Iterator[Request]:
    if isinstance(source.value, list):
        yield from (Request(value, source, pointer("", index)) for index, value in enumerate(source.value))
    else:
        yield Request(source.value, source)
