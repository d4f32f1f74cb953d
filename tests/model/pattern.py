"""IAM's wildcards by dynamic programming: `*` is any run of characters, `?` is one (ACT-4, RES-4, RES-8)."""

from __future__ import annotations

_SEGMENTS = 6
_BUCKET = ["s3", "", ""]  # service, Region and account of an ARN without a type word (RES-35)


def matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern covers a text."""
    # covered[i]: the pattern so far covers the first i characters.
    covered = [True] + [False] * len(text)
    for sign in pattern:
        if sign == "*":
            first = covered.index(True) if True in covered else len(covered)
            covered = [index >= first for index in range(len(covered))]
        else:
            covered = [False] + [
                before and sign in {"?", character} for before, character in zip(covered, text, strict=False)
            ]
    return covered[-1]


def action_matches(pattern: str, action: str) -> bool:
    """Tell whether a policy's action covers a request's (ACT-2 to ACT-7)."""
    if pattern and not pattern.strip("*"):
        return True
    service, colon, name = pattern.partition(":")
    if not colon or not name or ":" in name or name.split() != [name]:
        return False
    wanted_service, _, wanted = action.partition(":")
    return service.lower() == wanted_service.lower() and matches(name.lower(), wanted.lower())


def resource_matches(pattern: str, arn: str) -> bool:
    """Tell whether a policy's whole ARN covers a request's (RES-1 to RES-8)."""
    if pattern and not pattern.strip("*"):
        return True
    *wanted, resource = pattern.split(":", _SEGMENTS - 1)
    *given, text = arn.split(":", _SEGMENTS - 1)
    segments_match = all(matches(one.lower(), other.lower()) for one, other in zip(wanted, given, strict=True))
    type_word = "" if given[2:] == _BUCKET else _type_word(resource)
    return segments_match and text.startswith(type_word) and matches(resource[len(type_word) :], text[len(type_word) :])


def _type_word(resource: str) -> str:
    """Return the literal beginning of a resource part, through its first separator (RES-6).

    Asterisks alone are no type word: they stand for every type.
    """
    ends = [resource.index(separator) + 1 for separator in "/:" if separator in resource]
    word = resource[: min(ends)] if ends else ""
    return word if word[:-1].strip("*") else ""
