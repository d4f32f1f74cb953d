"""Resource policies, by the ARN of the resource that each is attached to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from opa_iam import documents
from opa_iam.documents import pointer
from opa_iam.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opa_iam.documents import Document
    from opa_iam.errors import Finding

_ARN = re.compile(r"arn:([^:]*:){4}.")
_MEMBERS_OF_POLICY = {"Id", "Statement", "Version"}


class Printed(NamedTuple):
    """What a call of the AWS CLI prints of a resource's policy.

    Attributes:
        call: the call.
        policy: JSON Pointer to the policy's text; a resource without one lacks it.
        arn: JSON Pointer to the resource's ARN, where the call prints that.
        others: what else it prints beside them.
    """

    call: str
    policy: str
    arn: str | None
    others: frozenset[str]


_QUEUE = Printed("sqs get-queue-attributes", "/Attributes/Policy", "/Attributes/QueueArn", frozenset())
_SECRET = Printed("secretsmanager get-resource-policy", "/ResourcePolicy", "/ARN", frozenset({"Name"}))
_OTHERS = Printed(
    "s3api get-bucket-policy, kms get-key-policy or lambda get-policy",
    "/Policy",
    None,
    frozenset({"PolicyName", "RevisionId"}),
)


@dataclass(frozen=True)
class ResourcePolicy:
    """A resource, and its policy where it has one.

    Attributes:
        arn: the resource's ARN.
        account: who owns it, for ARNs that don't say.
        source: the file.
        path: JSON Pointer to the policy document; None for a resource without a policy.
    """

    arn: str
    account: str | None
    source: Document
    path: str | None


def read(file: str, arn: str | None = None, account: str | None = None) -> tuple[ResourcePolicy, ...]:
    """Read a file that maps ARNs to documents, or what the AWS CLI printed of one resource.

    Args:
        file: the file.
        arn: of which resource, where the file doesn't say.
        account: who owns the resources whose ARNs don't say.

    Raises:
        InputError: the file can't be read.
        DocumentError: it is none of these, or doesn't say of which resource it is.
    """
    source = documents.read(file)
    value = source.value if isinstance(source.value, dict) else {}
    found = tuple(_found(source, value, arn, account))
    if findings := [finding for policy in found for finding in _faults(policy)]:
        raise DocumentError(findings)
    return tuple(replace(policy, arn=_normalised(policy.arn)) for policy in found)


def _normalised(arn: str) -> str:
    """Return an ARN with its first five segments in lower case, as the Rego looks it up (RES-7)."""
    *segments, resource = arn.split(":", 5)
    return ":".join([*map(str.lower, segments), resource])


def _faults(policy: ResourcePolicy) -> Iterator[Finding]:
    path = policy.path or ""
    if not _ARN.match(policy.arn):
        yield policy.source.finding(path, "INVALID_ARN", f"{policy.arn} is no ARN", at_key=True)
    elif policy.arn.split(":")[2].lower() == "iam":
        message = f"{policy.arn} has no resource policy; a role's trust policy goes with its account"
        yield policy.source.finding(path, "NO_RESOURCE_POLICY", message, at_key=True)
    elif policy.account and policy.arn.split(":")[4] not in ("", policy.account):
        message = f"{policy.arn} belongs to another account than {policy.account}"
        yield policy.source.finding(path, "OTHER_OWNER", message, at_key=True)


def _found(
    source: Document, value: Mapping[str, Any], arn: str | None, account: str | None
) -> Iterator[ResourcePolicy]:
    if any(name.startswith("arn:") for name in value):
        if arn:
            raise _refusal(source, "UNEXPECTED_ARN", f"the file says of which resources it is, which are not {arn}")
        for name in value:
            yield ResourcePolicy(name, account, source, pointer("", name))
    elif value and value.keys() <= _MEMBERS_OF_POLICY:
        yield ResourcePolicy(_given(source, arn), account, source, "")
    else:
        yield _printed(source, _form(source, value), arn, account)


def _form(source: Document, value: Mapping[str, Any]) -> Printed:
    if value.keys() == {"Attributes"} and isinstance(value["Attributes"], dict):
        return _QUEUE
    for form in (_SECRET, _OTHERS):
        wanted = {form.policy[1:]} | ({form.arn[1:]} if form.arn else set())
        if value.keys() & wanted and value.keys() <= wanted | form.others:
            return form
    message = (
        "neither a map of ARNs to policies, nor a policy, nor what the AWS CLI prints for "
        f"{_QUEUE.call}, {_SECRET.call}, {_OTHERS.call}"
    )
    raise _refusal(source, "INVALID_SHAPE", message)


def _printed(source: Document, form: Printed, arn: str | None, account: str | None) -> ResourcePolicy:
    told = str(_at(source, form.arn) or "") if form.arn else ""
    if told and arn not in (None, told):
        raise _refusal(source, "UNEXPECTED_ARN", f"the file is of {told}, not of {arn}")
    holder = told or _given(source, arn)
    if _at(source, form.policy) is None:
        return ResourcePolicy(holder, account, source, None)
    return ResourcePolicy(holder, account, documents.with_parsed(source, [form.policy]), form.policy)


def _at(source: Document, path: str) -> Any:  # noqa: ANN401
    value = source.value
    for step in path.split("/")[1:]:
        value = value.get(step)
    return value


def _given(source: Document, arn: str | None) -> str:
    if arn is None:
        message = "the file doesn't say of which resource it is: bundle.yaml must, with `arn`"
        raise _refusal(source, "MISSING_ARN", message)
    return arn


def _refusal(source: Document, code: str, message: str) -> DocumentError:
    return DocumentError([source.finding("", code, message)])
