"""Case files, beside what AWS's reference says of condition keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from opa_iam.documents import pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opa_iam.documents import Document
    from opa_iam.errors import Finding

# Of the global keys, which the reference leaves out, those of many values; all others have one.
_GLOBAL_LISTS = {
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:resourceorgpaths",
    "aws:sourceorgpaths",
    "aws:tagkeys",
    "aws:vpceorgpaths",
}


def findings(source: Document, types: Mapping[str, str]) -> Iterator[Finding]:
    """Yield where a case's request gives a list for a key of one value (IN-4).

    Args:
        source: the case file.
        types: the keys' types, as the reduced reference has them.
    """
    for path, context in _contexts(source.value):
        for key, value in context.items():
            if isinstance(value, list) and _has_one_value(key.lower(), types):
                message = f"{key} has one value in a request, and a list is given (IN-4)"
                yield source.finding(pointer(path, key), "OPA_IAM_SCALAR_GIVEN_LIST", message, severity="SUGGESTION")


def _has_one_value(key: str, types: Mapping[str, str]) -> bool:
    """Tell whether a key is known to have one value; of one that a slash ends, the part before it is its name."""
    if key.startswith("aws:"):
        return key not in _GLOBAL_LISTS
    kind = types.get(key) or types.get(re.sub("/.*", "/", key, flags=re.DOTALL))
    return kind is not None and not kind.startswith("ArrayOf")


def _contexts(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401
    """Yield the contexts of a case file with their places."""
    cases, path = (value, "") if isinstance(value, list) else (value["cases"], "/cases")
    requests = [(case["request"], pointer(path, index, "request")) for index, case in enumerate(cases)]
    if isinstance(value, dict):
        requests.append((value.get("defaults"), "/defaults"))
    for request, place in requests:
        context = request.get("context") if isinstance(request, dict) else None
        if isinstance(context, dict):
            yield pointer(place, "context"), context
