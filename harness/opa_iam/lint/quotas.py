"""AWS's quotas of sizes and counts (A.6), for what its own checks don't measure."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from opa_iam.accounts import Entity
    from opa_iam.errors import Finding
    from opa_iam.lint.subjects import Subject

_NEAR = 0.9
_WHITE_SPACE = re.compile(r"\s")


@cache
def _quotas() -> Mapping[str, Mapping[str, Any]]:
    """Return the quotas by name; they change, so they are data (GRAM-40)."""
    quotas: dict[str, dict[str, Any]] = json.loads(
        resources.files("opa_iam").joinpath("lint", "quotas.json").read_text("utf-8")
    )
    return quotas


def of_documents(subjects: Iterable[Subject]) -> Iterator[Finding]:
    """Yield findings on documents that are too long by themselves."""
    for subject in subjects:
        name = _quota_of(subject)
        if name is not None:
            counted = _size if name == "customer_managed_policy" else _length
            for code, severity, message in _judged(name, counted(subject.document)):
                yield subject.finding(code, severity, subject.path, message)


def of_entities(entities: Iterable[Entity]) -> Iterator[Finding]:
    """Yield findings on users, groups and roles that have too much."""
    for entity in entities:
        inline = sum(_size(entity.source.at(path)) for _, path in entity.inline_policies)
        counts = {
            "inline_policies": (inline, entity.inline_policies),
            "policies": (len(entity.managed_policies), entity.managed_policies),
            "groups": (len(entity.groups), entity.groups),
            "name": (len(entity.name), ()),
        }
        for what, (amount, members) in counts.items():
            path = members[0].path.rpartition("/")[0] if members else entity.name_path
            for code, severity, message in _judged(f"{what}_of_{entity.kind}", amount):
                text = f"the {entity.kind} {entity.name} has {message}"
                yield entity.source.finding(path, code, text, severity=severity, policy=entity.arn)


def _quota_of(subject: Subject) -> str | None:
    """Return the quota of a document's own length that no check of AWS's measures."""
    if subject.policy_type == "session":
        return "session_policy"
    is_own = subject.managed and subject.policy_type == "identity" and not subject.is_of_aws
    return "customer_managed_policy" if is_own else None


def _size(document: object) -> int:
    """Return how many characters IAM counts of a document (GRAM-7)."""
    return len(_WHITE_SPACE.sub("", _text(document)))


def _length(document: object) -> int:
    return len(_text(document))


def _text(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _judged(name: str, amount: int) -> Iterator[tuple[str, str, str]]:
    """Yield the code, the severity and the message where an amount is near a quota or beyond it."""
    quota = _quotas().get(name)
    if quota is None:
        return
    limit, what = quota["limit"], f"{amount} {quota['what']}"
    if amount > quota.get("raised", limit):
        yield "OPA_IAM_QUOTA_EXCEEDED", "ERROR", f"{what}; AWS takes {quota.get('raised', limit)} (GRAM-40)"
    elif amount > limit:
        yield "OPA_IAM_QUOTA_NEAR", "SUGGESTION", f"{what}; without a raised quota AWS takes {limit} (GRAM-40)"
    elif amount >= _NEAR * limit and not quota.get("silent_when_near"):
        yield "OPA_IAM_QUOTA_NEAR", "SUGGESTION", f"{what} of the {limit} that AWS takes (GRAM-40)"
