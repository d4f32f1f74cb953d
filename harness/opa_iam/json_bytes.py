"""JSON to and from bytes, fast: for what is large or comes in thousands. What people write is read by `documents`."""

from __future__ import annotations

import json
from typing import Any

import orjson

loads = orjson.loads


def dumps(value: object, *, readable: bool = False) -> bytes:
    """Return a value as JSON, in UTF-8.

    Args:
        value: the value.
        readable: whether to indent it, with keys in order and a newline at the end.

    Raises:
        TypeError: it is nothing that JSON can hold.
        RecursionError: it is nested too deeply.
    """
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE if readable else 0
    try:
        return orjson.dumps(value, option=options)
    except orjson.JSONEncodeError:  # integers beyond 64 bits, half a surrogate pair, or deep nesting
        return _slowly(value, readable=readable)


def _slowly(value: Any, *, readable: bool) -> bytes:  # noqa: ANN401
    text = json.dumps(value, allow_nan=False, indent=2 if readable else None, sort_keys=readable)
    return f"{text}\n".encode() if readable else text.encode()
