from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from opa_iam import library, project
from opa_iam.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opa_iam.accounts import Entity
    from opa_iam.errors import Finding

    Refused = Callable[..., tuple[Finding, ...]]

A = {"arn": "arn:aws:iam::aws:policy/A", "document": {}}
B = {"arn": "arn:aws:iam::aws:policy/B", "document": {}}
SHIPPED = [
    "AWSIncidentManagerIncidentAccessServiceRolePolicy",
    "AWSIncidentManagerResolverAccess",
    "AWSIncidentManagerServiceRolePolicy",
]
ACCOUNTS = """\
name: p
accounts:
  "111122223333":
    roles:
      - {name: Plain, tags: {team: a}}
      - {name: Linked, path: /aws-service-role/x.amazonaws.com/}
      - {name: Lookalike, path: /aws-service-role/}
      - {name: Other, path: /team/aws-service-role/x.amazonaws.com/}
    users:
      - {name: Ana, path: /aws-service-role/x.amazonaws.com/, managed_policies: [A, B], inline_policies: {a.b: 1, c: 2}}
    groups:
      - {name: Team}
  "444455556666":
    partition: aws-cn
    roles: [{name: Plain}]
"""


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        ([], []),
        (["policies/*.yaml"], ["A", "B"]),
        (["policies/b.yaml", "policies/*.yaml"], ["B", "A"]),
        (["**/[ab].yaml"], ["A", "B"]),
        (["opa-iam:policies/*.yaml", "policies/a.yaml"], [*SHIPPED, "A"]),
        (["opa-iam:policies/*Resolver*.yaml"], ["AWSIncidentManagerResolverAccess"]),
    ],
)
def test_the_policy_files_are_read_in_order_and_once(
    make_project: Callable[..., Path], patterns: list[str], names: list[str]
) -> None:
    file = make_project({"name": "p", "policies": patterns}, b=B, a=A)
    (file.parent / "policies" / "folder.yaml").mkdir()
    found = project.read(file)
    assert (found.name, [policy.name for policy in found.policies]) == ("p", names)
    assert found.files == (str(file), *(policy.source.file for policy in found.policies))


@pytest.mark.parametrize(
    ("entry", "arns"),
    [
        ({"files": "documents/*.json", "account": "111122223333"}, ["111122223333:policy/A", "111122223333:policy/B"]),
        (
            {"files": "documents/A.json", "account": "111122223333", "path": "/team/"},
            ["111122223333:policy/team/A"],
        ),
        ({"files": "documents/A.json", "arn": "arn:aws:iam::aws:policy/X"}, ["aws:policy/X"]),
    ],
)
def test_a_document_has_the_arn_that_bundle_yaml_tells(
    make_project: Callable[..., Path], entry: dict[str, str], arns: list[str]
) -> None:
    """MGD-1"""
    file = make_project({"name": "p", "policies": [entry]})
    (file.parent / "documents").mkdir()
    for name in "AB":
        (file.parent / "documents" / f"{name}.json").write_text('{"Statement": []}', "utf-8")
    found = project.read(file)
    assert [policy.arn for policy in found.policies] == [
        arn if "arn:" in arn else f"arn:aws:iam::{arn}" for arn in arns
    ]
    assert [policy.present.document for policy in found.policies] == [{"Statement": []}] * len(arns)


def test_a_document_of_another_partition(make_project: Callable[..., Path]) -> None:
    """MGD-2"""
    entry = {"files": "policies/a.yaml", "account": "111122223333", "partition": "aws-cn"}
    (policy,) = project.read(make_project({"name": "p", "policies": [entry]}, a={"Statement": []})).policies
    assert (policy.arn, policy.created) == ("arn:aws-cn:iam::111122223333:policy/a", None)


def test_several_documents_of_one_arn_are_a_finding(make_project: Callable[..., Path], refused: Refused) -> None:
    entry = {"files": "policies/*.yaml", "arn": "arn:aws:iam::aws:policy/X"}
    (finding,) = refused(project.read, make_project({"name": "p", "policies": [entry]}, a=A, b=B))
    assert finding.code == "DUPLICATE_POLICY"


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("policies/c.yaml", "NO_SUCH_FILE at /policies/1: 'policies/c.yaml' matches no file in {folder}"),
        ("policies", "NO_SUCH_FILE at /policies/1: 'policies' matches no file in {folder}"),
        ("opa-iam:policies/c.yaml", "NO_SUCH_FILE at /policies/1: 'opa-iam:policies/c.yaml' matches no file in {own}"),
        ("''", "INVALID_PATTERN at /policies/1: '': Unacceptable pattern: ''"),
        ("/etc/*.yaml", "INVALID_PATTERN at /policies/1: '/etc/*.yaml': Non-relative patterns are unsupported"),
    ],
)
def test_a_pattern_without_files_is_a_finding(
    make_project: Callable[..., Path], refused: Refused, pattern: str, message: str
) -> None:
    file = make_project(f"name: p\npolicies:\n  - policies/a.yaml\n  - {pattern}\n", a=A)
    (finding,) = refused(project.read, file)
    assert str(finding) == f"{file}:4:5: {message.format(folder=file.parent, own=library.root())}"


def test_the_findings_of_all_files_come_at_once_and_sorted(make_project: Callable[..., Path], refused: Refused) -> None:
    files = {
        "d": "document: {}\narn: arn:aws:iam::aws:policy/A\n",
        "c": "arn: x\n",
        "b": 'arn: "arn:aws:iam::aws:policy/B\n',
        "a": A,
    }
    file = make_project("name: p\npolicies: [none.yaml, policies/*.yaml]\n", **files)
    folder = file.parent / "policies"
    assert [str(finding) for finding in refused(project.read, file)] == [
        f"{file}:2:12: NO_SUCH_FILE at /policies/0: 'none.yaml' matches no file in {file.parent}",
        f"{folder}/b.yaml:2:1: YAML_SYNTAX_ERROR: found unexpected end of stream",
        f"{folder}/c.yaml:1:1: INVALID_SHAPE: 'document' is a required property",
        f"{folder}/c.yaml:1:6: INVALID_SHAPE at /arn: 'x' does not match " + repr(ARN_PATTERN),
        f"{folder}/d.yaml:2:6: DUPLICATE_POLICY at /arn: {folder}/a.yaml has a policy of this ARN as well",
    ]


ARN_PATTERN = r"^arn:[a-z-]+:iam::(aws|[0-9]{12}):policy/([!-~]+/)?[A-Za-z0-9_+=,.@-]{1,128}(?!\n)$"


def test_a_file_that_can_not_be_read_is_the_only_finding(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        project.read(tmp_path / "bundle.yaml")
    assert str(raised.value) == f"{tmp_path}/bundle.yaml: No such file or directory"


def test_the_entities_of_the_accounts(make_project: Callable[..., Path]) -> None:
    def summary(entity: Entity) -> tuple[str, str, str, str | None]:
        return (entity.kind, entity.arn, entity.name_path.removesuffix("/name"), entity.service_link)

    found = project.read(make_project(ACCOUNTS)).entities
    one, other = "arn:aws:iam::111122223333:", "arn:aws-cn:iam::444455556666:"
    linked = "aws-service-role/x.amazonaws.com"
    assert [summary(entity) for entity in found] == [
        ("user", f"{one}user/{linked}/Ana", "/accounts/111122223333/users/0", None),
        ("group", f"{one}group/Team", "/accounts/111122223333/groups/0", None),
        ("role", f"{one}role/Plain", "/accounts/111122223333/roles/0", None),
        ("role", f"{one}role/{linked}/Linked", "/accounts/111122223333/roles/1", "x.amazonaws.com"),
        ("role", f"{one}role/aws-service-role/Lookalike", "/accounts/111122223333/roles/2", None),
        ("role", f"{one}role/team/{linked}/Other", "/accounts/111122223333/roles/3", None),
        ("role", f"{other}role/Plain", "/accounts/444455556666/roles/0", None),
    ]
    ana, *_, last = found
    assert (ana.name, ana.account, ana.partition) == ("Ana", "111122223333", "aws")
    assert (last.name, last.account, last.partition) == ("Plain", "444455556666", "aws-cn")
    assert list(map(tuple, ana.managed_policies)) == [
        ("A", "/accounts/111122223333/users/0/managed_policies/0"),
        ("B", "/accounts/111122223333/users/0/managed_policies/1"),
    ]
    assert list(map(tuple, ana.inline_policies)) == [
        (f"{ana.arn}#a.b", "/accounts/111122223333/users/0/inline_policies/a.b"),
        (f"{ana.arn}#c", "/accounts/111122223333/users/0/inline_policies/c"),
    ]


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("", ["1:1 INVALID_SHAPE "]),
        ("policies: []\n", ["1:1 INVALID_SHAPE "]),
        ("name: P\n", ["1:7 INVALID_SHAPE /name"]),
        ("name: |\n  p\n", ["1:7 INVALID_SHAPE /name"]),
        ("name: p\npolicies: a.yaml\naccount: {}\n", ["2:11 INVALID_SHAPE /policies", "3:1 UNKNOWN_MEMBER /account"]),
        (
            "name: p\naccounts:\n  111122223333: {}\n  11112222333: {}\n",
            ["4:3 INVALID_SHAPE /accounts/11112222333"],
        ),
        ("name: p\npolicies: [{files: a.json}]\n", ["2:12 INVALID_SHAPE /policies/0"]),
        (
            "name: p\npolicies: [{files: a, account: '111122223333', arn: 'arn:aws:iam::aws:policy/X'}]\n",
            ["2:12 INVALID_SHAPE /policies/0"],
        ),
        ("name: p\nresource_policies: [{arn: 'arn:aws:s3:::b'}]\n", ["2:21 INVALID_SHAPE /resource_policies/0"]),
        ("name: p\nprefer: moto\n", ["2:9 INVALID_SHAPE /prefer"]),
        (
            "name: p\naccounts: {111122223333: {partition: azure}}",
            ["2:38 INVALID_SHAPE /accounts/111122223333/partition"],
        ),
        (
            "name: p\naccounts: {111122223333: {roles: [{name: a b}, {path: team}, {name: c, groups: []}]}}",
            [
                "2:42 INVALID_SHAPE /accounts/111122223333/roles/0/name",
                "2:48 INVALID_SHAPE /accounts/111122223333/roles/1",
                "2:55 INVALID_SHAPE /accounts/111122223333/roles/1/path",
                "2:72 UNKNOWN_MEMBER /accounts/111122223333/roles/2/groups",
            ],
        ),
        (
            "name: p\naccounts: {111122223333: {users: [{name: a, inline_policies: {a b: {}}, tags: {n: 1}}]}}",
            [
                "2:63 INVALID_SHAPE /accounts/111122223333/users/0/inline_policies/a b",
                "2:83 INVALID_SHAPE /accounts/111122223333/users/0/tags/n",
            ],
        ),
    ],
)
def test_a_bundle_yaml_of_another_shape(
    make_project: Callable[..., Path], refused: Refused, text: str, findings: list[str]
) -> None:
    found = refused(project.read, make_project(text))
    assert [f"{finding.line}:{finding.column} {finding.code} {finding.path}" for finding in found] == findings


def test_the_project_of_the_current_folder_comes_before_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert project.find() == library.root() / "bundle.yaml"
    (tmp_path / "bundle.yaml").write_text("name: p\n", "utf-8")
    assert project.find().absolute() == tmp_path / "bundle.yaml"
