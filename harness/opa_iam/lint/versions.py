"""AWS's managed policies in a project's files, beside what AWS's list of them says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opa_iam import aws_policies
from opa_iam.lint.subjects import placed
from opa_iam.policies import is_of_aws

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opa_iam.errors import Finding
    from opa_iam.policies import ManagedPolicy

_PARTITION = "arn:aws:"  # the one whose policies are listed


def candidates(policies: Iterable[ManagedPolicy]) -> list[ManagedPolicy]:
    """Return the policies that AWS's list can say something of: AWS's own, from another source."""
    return [
        policy
        for policy in policies
        if is_of_aws(policy.arn)
        and policy.arn.startswith(_PARTITION)
        and not policy.source.file.startswith(f"{aws_policies.SOURCE} ")
    ]


def findings(policies: Iterable[ManagedPolicy]) -> Iterator[Finding]:
    """Yield where AWS's list has another document than a project, or no such policy (MGD-4, MGD-5).

    Raises:
        EngineError: the installed list is none that we know.
    """
    wanted = candidates(policies)
    if not wanted:
        return
    listed = {policy.arn: policy for policy in aws_policies.read()}
    for policy in wanted:
        known = listed.get(policy.arn)
        if known is None:
            message = (
                f"{aws_policies.SOURCE} {aws_policies.version()} lists no {policy.arn}: it stays where it is attached, "
                "and can't be attached anew (MGD-5)"
            )
            yield _finding(policy, "OPA_IAM_POLICY_RETIRED", "WARNING", policy.path, message)
        else:
            yield from _compared(policy, known)


def _compared(policy: ManagedPolicy, known: ManagedPolicy) -> Iterator[Finding]:
    ours, theirs = policy.present, known.present
    if ours.document == theirs.document:
        return
    difference = _difference(ours.document, theirs.document)
    if ours.since and theirs.since and ours.since < theirs.since:
        message = f"AWS changed {policy.name} on {theirs.since}; the document is of {ours.since}{difference}"
        yield _finding(policy, "OPA_IAM_CATALOGUE_IS_NEWER", "SUGGESTION", ours.path, message)
    elif ours.since in (None, theirs.since):
        message = (
            f"{aws_policies.SOURCE} {aws_policies.version()} has another document of {policy.name} ({theirs.since})"
            f"{difference} (MGD-4)"
        )
        yield _finding(policy, "OPA_IAM_DOCUMENT_DIFFERS", "WARNING", ours.path, message)


def _difference(ours: Any, theirs: Any) -> str:  # noqa: ANN401
    """Return in words which actions one document allows and the other doesn't, else which statements differ."""
    before, after = _allowed(ours), _allowed(theirs)
    parts = [
        f"{verb} {', '.join(sorted(actions))}"
        for verb, actions in (("AWS's adds", after - before), ("AWS's lacks", before - after))
        if actions
    ]
    return f": {'; '.join(parts or [_changed(ours, theirs)])}"


def _changed(ours: Any, theirs: Any) -> str:  # noqa: ANN401
    """Return in words which statements of theirs are not among ours."""
    before = _statements(ours)
    names = [
        str(statement.get("Sid") or f"number {number}")
        for number, statement in enumerate(_statements(theirs), 1)
        if statement not in before
    ]
    return f"the actions are the same; changed statements: {', '.join(names) or 'none, but their order or the version'}"


def _allowed(document: Any) -> set[str]:  # noqa: ANN401
    return {
        action
        for statement in _statements(document)
        if statement.get("Effect") == "Allow"
        for action, _ in placed(statement.get("Action"), "")
        if isinstance(action, str)
    }


def _statements(document: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    found = document.get("Statement") if isinstance(document, dict) else None
    return [statement for statement, _ in placed(found, "") if isinstance(statement, dict)]


def _finding(policy: ManagedPolicy, code: str, severity: str, path: str, message: str) -> Finding:
    return policy.present.source.finding(path, code, message, severity=severity, policy=policy.arn)
