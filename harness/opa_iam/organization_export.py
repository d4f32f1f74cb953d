"""An organization from a folder of what `aws organizations` printed; docs/sources.md has the layout and the script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from opa_iam import documents, shapes
from opa_iam.documents import pointer
from opa_iam.errors import DocumentError, Finding
from opa_iam.organization import TYPES, ControlPolicy, Level, Member, Organization, aws_owned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opa_iam.documents import Document


def read(folder: str) -> Organization:
    """Read the export of an organization.

    Raises:
        InputError: a file can't be read.
        DocumentError: a file is missing or is not what its place says; all findings at once.
    """
    export = _Export(Path(folder))
    organization = export.organization()
    if export.findings or organization is None:
        raise DocumentError(export.findings)
    return organization


class _Export:
    """The files of an export, read as they are needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.findings: list[Finding] = []
        self.warnings: list[Finding] = []
        self.sources: list[Document] = []
        self.policies: dict[str, ControlPolicy | None] = {}
        self.lists: dict[tuple[str, str], Document] = {}
        self.enabled: set[str] = set()

    def organization(self) -> Organization | None:
        roots = self._read("list-roots", "list-roots.json")
        if roots is None:
            return None
        *_, management, of_organization = roots.value["Roots"][0]["Arn"].split(":")
        members = [member for root in roots.value["Roots"] for member in self._of_root(root)]
        self._find_unused()
        return Organization(
            id=of_organization.split("/")[1],
            management_account=management,
            members=tuple(members),
            policies=tuple(policy for policy in self.policies.values() if policy),
            sources=tuple(self.sources),
            warnings=tuple(self.warnings),
        )

    def _of_root(self, root: Mapping[str, Any]) -> Iterator[Member]:
        kinds = root.get("PolicyTypes", [])
        self.enabled = {kind["Type"] for kind in kinds if kind["Status"] == "ENABLED"}
        yield from self._below(root["Id"], ())

    def _below(self, parent: str, above: tuple[Level, ...]) -> Iterator[Member]:
        levels = (*above, self._level(parent))
        for account in self._list("list-accounts-for-parent", parent, "Accounts"):
            yield Member(account["Id"], (*levels, self._level(account["Id"])))
        for unit in self._list("list-organizational-units-for-parent", parent, "OrganizationalUnits"):
            yield from self._below(unit["Id"], levels)

    def _level(self, target: str) -> Level:
        policies = {policy_type: self._attached(target, policy_type) for policy_type in TYPES}
        return Level(target, policies, {policy_type: self._place(target, policy_type) for policy_type in TYPES})

    def _place(self, target: str, policy_type: str) -> tuple[Document, str]:
        """Return the list of a target's policies; without one, the list of the roots says why (SCP-2)."""
        return self.lists.get((target, policy_type), self.sources[0]), ""

    def _attached(self, target: str, policy_type: str) -> tuple[str, ...]:
        """Return the ARNs of a target's policies; of a type that is not enabled, none binds (SCP-2)."""
        aws_type = f"{policy_type}_policy".upper()
        if aws_type not in self.enabled:
            return (aws_owned(policy_type),)
        attached = self._list("list-policies-for-target", f"{target}.{aws_type}", "Policies")
        self.lists[target, policy_type] = self.sources[-1]
        for policy in attached:
            if policy["Arn"] != aws_owned(policy_type) and policy["Arn"] not in self.policies:
                self.policies[policy["Arn"]] = self._policy(policy, policy_type)
        return tuple(policy["Arn"] for policy in attached)

    def _policy(self, summary: Mapping[str, Any], policy_type: str) -> ControlPolicy | None:
        source = self._read("describe-policy", f"describe-policy/{summary['Id']}.json")
        if source is None:
            return None
        path = "/Policy/Content"
        try:
            return ControlPolicy(summary["Arn"], policy_type, documents.with_parsed(source, [path]), path)
        except DocumentError as error:
            self.findings += error.findings
            return None

    def _list(self, call: str, name: str, member: str) -> list[Mapping[str, Any]]:
        source = self._read(call, f"{call}/{name}.json")
        if source is None:
            return []
        if source.value.get("NextToken"):
            message = "the list goes on: let the AWS CLI print all pages"
            self.findings.append(source.finding(pointer("", "NextToken"), "INCOMPLETE_EXPORT", message))
        found: list[Mapping[str, Any]] = source.value[member]
        return found

    def _read(self, call: str, name: str) -> Document | None:
        file = self.folder / name
        if not file.is_file():
            self.findings.append(Finding(str(file), 0, 0, "", "NO_SUCH_FILE", f"the export needs what {call} printed"))
            return None
        try:
            source = documents.read(str(file))
            self.warnings += shapes.of_aws(source, call)
        except DocumentError as error:
            self.findings += error.findings
            return None
        self.sources.append(source)
        return source

    def _find_unused(self) -> None:
        used = {Path(source.file) for source in self.sources}
        for file in sorted(self.folder.rglob("*")):
            if file.is_file() and file not in used:
                message = "no account of the organization leads to this file"
                self.warnings.append(Finding(str(file), 0, 0, "", "UNUSED_FILE", message))
