"""Requests that a set of policies has something to say of, drawn with a fixed seed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from opa_iam import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

Document = dict[str, Any]
ACCOUNT = "111122223333"
REGION = "eu-west-1"
NUMBERS = 200
"""How many resources there are of each kind."""

_RESOURCES = {
    "dynamodb": "arn:aws:dynamodb:{region}:{account}:table/orders-{n}",
    "ec2": "arn:aws:ec2:{region}:{account}:instance/i-0abc{n}",
    "iam": "arn:aws:iam::{account}:role/app/worker-{n}",
    "kms": "arn:aws:kms:{region}:{account}:key/key-{n}",
    "lambda": "arn:aws:lambda:{region}:{account}:function:handler-{n}",
    "s3": "arn:aws:s3:::bucket-{n}/reports/{n}.csv",
    "sns": "arn:aws:sns:{region}:{account}:topic-{n}",
    "sqs": "arn:aws:sqs:{region}:{account}:queue-{n}",
}
_OTHER = "arn:aws:{service}:{region}:{account}:thing/example-{n}"
_SET = re.compile("^for(all|any)values?:", re.IGNORECASE)


@dataclass(frozen=True)
class Principal:
    """A caller and what its policies say."""

    arn: str
    documents: Sequence[Document]


def requests(random: Random, principals: Sequence[Principal], count: int, of_policies: float = 0.75) -> list[Any]:
    """Draw requests: most of actions that the caller's policies speak of, others of the catalogue, some unknown."""
    return [_request(random, random.choice(principals), of_policies) for _ in range(count)]


def _request(random: Random, principal: Principal, of_policies: float) -> dict[str, Any]:
    kind = random.random()
    if kind < of_policies:
        return _fitting(random, principal)
    service = random.choice(sorted(_actions()))
    action = random.choice(_actions()[service]) if kind < of_policies + 0.2 else "NoSuchAction"
    return _spelt(random, principal.arn, f"{service}:{action}", "*", {})


def _fitting(random: Random, principal: Principal) -> dict[str, Any]:
    document = random.choice(principal.documents)
    statement = random.choice(listed(document["Statement"]))
    written = random.choice(listed(statement.get("Action", "s3:GetObject")) or ["s3:GetObject"])
    pattern = random.choice(listed(statement.get("Resource", "*")) or ["*"])
    return _spelt(random, principal.arn, expanded(random, written), pattern, _context(random, statement))


def _spelt(random: Random, arn: str, action: str, pattern: str, context: dict[str, Any]) -> dict[str, Any]:
    request: dict[str, Any] = {"principal": arn, "action": action}
    number = random.randrange(NUMBERS)
    text = resource(action.partition(":")[0], number) if pattern == "*" else filled(pattern, number)
    if random.random() < 0.85:
        request["resource"] = text
    if text.startswith("arn:aws:s3:::"):
        request["resource_account"] = ACCOUNT
    common = {"aws:RequestedRegion": REGION, "aws:SecureTransport": True, "aws:SourceIp": f"203.0.113.{number % 250}"}
    if context or random.random() < 0.8:
        request["context"] = {**common, **context}
    return request


def _context(random: Random, statement: Document) -> dict[str, Any]:
    """Return keys that a statement's conditions ask for, three in four with a value that is wanted."""
    found: dict[str, Any] = {}
    for operator, block in statement.get("Condition", {}).items():
        for key, values in block.items():
            if "null" in operator.lower():
                continue
            value = filled(str(random.choice(listed(values) or [""])), 7)
            value = value.lower() if value in ("True", "False") else value
            found[key] = value if random.random() < 0.75 else f"not-{value}"
            if _SET.match(operator):
                found[key] = [found[key]]
    return found


def resource(service: str, number: int | str) -> str:
    """Return the ARN of a resource of a service."""
    text = _RESOURCES.get(service, _OTHER)
    return text.format(service=service, region=REGION, account=ACCOUNT, n=number)


def filled(pattern: str, number: int) -> str:
    """Return a text that a pattern matches, variables and wildcards filled in."""
    text = re.sub(r"\$\{[^}]*\}", "example", pattern)
    segments = text.split(":", 5)
    if len(segments) == 6:
        known = (segments[0], segments[1], segments[2], REGION, ACCOUNT)
        heads = [given if "*" in one else one for one, given in zip(segments, known, strict=False)]
        text = ":".join([*(("aws" if head == "*" else head) for head in heads), segments[5]])
    return text.replace("*", f"example{number}").replace("?", "x")


def expanded(random: Random, written: str) -> str:
    """Return an action that a policy's entry matches."""
    if "*" not in written and "?" not in written:
        return written
    service, _, name = written.partition(":")
    service = service if service in _actions() else "ec2"
    expression = re.compile(re.escape(name or "*").replace(r"\*", ".*").replace(r"\?", ".") + "$", re.IGNORECASE)
    matching = [action for action in _actions()[service] if expression.match(action)]
    return f"{service}:{random.choice(matching) if matching else filled(name, 1)}"


def listed(value: Any) -> list[Any]:  # noqa: ANN401
    """Return one value or a list of them as a list."""
    return value if isinstance(value, list) else [value]


def services() -> Iterable[str]:
    """Return the services of the catalogue."""
    return sorted(_actions())


@cache
def _actions() -> dict[str, list[str]]:
    found = catalogue.reference()["services"]
    return {name: sorted(service["actions"]) for name, service in found.items() if service["actions"]}
