from __future__ import annotations

import importlib.util
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from opa_iam import aws_policies, policies, project
from opa_iam.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opa_iam.errors import Finding

    Refused = Callable[..., tuple[Finding, ...]]

DOCUMENT: dict[str, object] = {"Statement": []}
EC2_ROLE = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM"


def test_policies_are_had_by_name_and_by_arn() -> None:
    found = {policy.name: policy for policy in aws_policies.read({"ReadOnlyAccess", EC2_ROLE, "Nobody"})}
    assert {policy.arn for policy in found.values()} == {"arn:aws:iam::aws:policy/ReadOnlyAccess", EC2_ROLE}
    read_only = found["ReadOnlyAccess"]
    assert (read_only.created, read_only.service_linked) == ("2015-02-06", False)
    assert read_only.present.since is not None
    assert read_only.present.since > "2025"
    assert read_only.present.document["Version"] == "2012-10-17"


def test_all_of_them() -> None:
    """MGD-3: some are for service-linked roles only."""
    found = list(aws_policies.read())
    assert len(found) > 1000
    assert {policy.service_linked for policy in found} == {False, True}
    assert [
        policy.arn for policy in found if policy.created is None or policy.created > (policy.present.since or "")
    ] == []


def test_only_those_that_the_accounts_name(make_project: Callable[..., Path]) -> None:
    role = {"name": "R", "managed_policies": ["ReadOnlyAccess"], "permissions_boundary": "PowerUserAccess"}
    bundle: dict[str, object] = {"name": "p", "accounts": {"111122223333": {"roles": [role]}}}
    found = project.read(make_project({**bundle, "aws_managed_policies": "attached"}))
    assert {policy.name for policy in found.policies} == {"ReadOnlyAccess", "PowerUserAccess"}
    assert found.aws == aws_policies.version()


def test_a_file_holds_and_theirs_is_a_version_or_a_warning(make_project: Callable[..., Path]) -> None:
    """MGD-5: AWS changes them."""
    history = [{"date": "2100-01-01", "change": "x"}]
    future = {"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess", "history": history, "document": DOCUMENT}
    undated = {"arn": "arn:aws:iam::aws:policy/PowerUserAccess", "document": DOCUMENT}
    bundle = {
        "name": "p",
        "policies": ["policies/*.yaml"],
        "aws_managed_policies": "attached",
        "accounts": {
            "111122223333": {"users": [{"name": "U", "managed_policies": ["ReadOnlyAccess", "PowerUserAccess"]}]}
        },
    }
    found = project.read(make_project(bundle, future=future, undated=undated))
    by_name = {policy.name: policy for policy in found.policies}
    assert [policy.present.document for policy in found.policies] == [DOCUMENT] * 2
    assert [len(by_name[name].versions) for name in ("ReadOnlyAccess", "PowerUserAccess")] == [2, 1]
    assert by_name["ReadOnlyAccess"].created == "2015-02-06"
    assert [(warning.code, warning.path) for warning in found.warnings] == [
        ("OTHER_SOURCE_HOLDS", "/PowerUserAccess/Document")
    ]
    preferring = project.read(make_project({**bundle, "prefer": "aws"}))
    assert DOCUMENT not in [policy.present.document for policy in preferring.policies]


def test_without_the_distribution(
    make_project: Callable[..., Path], refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    (finding,) = refused(project.read, make_project({"name": "p", "aws_managed_policies": "all"}))
    assert finding.code == "AWS_POLICIES_NOT_INSTALLED"
    assert finding.message == "moto is not installed: pip install 'opa-iam[aws]'"


@pytest.mark.parametrize(
    ("content", "message"),
    [("x = 1\ny: int = 2\n", "has no aws_managed_policies_data in"), (None, "has no iam/aws_managed_policies.py")],
)
def test_a_distribution_that_keeps_them_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, message: str
) -> None:
    (tmp_path / "iam").mkdir()
    (tmp_path / "__init__.py").write_text("")
    if content:
        (tmp_path / "iam" / "aws_managed_policies.py").write_text(content)
    spec = importlib.util.spec_from_file_location("moto", tmp_path / "__init__.py")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: spec)
    with pytest.raises(EngineError, match=message):
        list(aws_policies.read())


def test_of_two_sources_the_first_holds_and_equal_documents_are_one(make_project: Callable[..., Path]) -> None:
    file = make_project({"name": "p"}, a=DOCUMENT, b={"Statement": [1]})
    a, b = (
        policies.read_document(str(file.parent / "policies" / f"{name}.yaml"), "arn:aws:iam::aws:policy/P")
        for name in "ab"
    )
    merged = policies.merge([[a], [a, b]])
    assert merged.policies == (a,)
    assert [warning.code for warning in merged.warnings] == ["OTHER_SOURCE_HOLDS"]
    assert merged.warnings[0].message == (
        f"this document of arn:aws:iam::aws:policy/P (no date) is without effect: {a.source.file} holds (no date)"
    )
