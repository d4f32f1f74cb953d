"""What kind of file is what, and which policy type a document looks like."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from opa_iam import library, opa
from opa_iam.errors import InputError
from opa_iam.lint import cases, checks, inputs
from opa_iam.lint.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

ROOT = library.root()
ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
IDENTITY = {"Version": "2012-10-17", "Statement": [ALLOW]}
RESOURCE = {"Version": "2012-10-17", "Statement": {**ALLOW, "Principal": "*"}}
TRUST = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}}
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:q"


def written(folder: Path, value: Any, name: str = "p.json") -> str:  # noqa: ANN401
    file = folder / name
    file.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return str(file)


def read(file: str, *types: str) -> list[tuple[str, str, str, bool]]:
    """The policies of a file: path, type, resource type, whether the type was guessed."""
    return [
        (subject.path, subject.policy_type, subject.resource_type, subject.guessed)
        for subject in inputs.read([file], *types).subjects
    ]


@pytest.mark.parametrize(
    ("value", "policy_type"),
    [
        (IDENTITY, "identity"),
        ({"statement": [ALLOW]}, "identity"),
        ({}, "identity"),
        ([], "identity"),
        ("7", "identity"),
        ({"Statement": ["x", None]}, "identity"),
        (RESOURCE, "resource"),
        ({"Statement": [{**ALLOW, "NotPrincipal": {"AWS": "*"}}]}, "resource"),
        (TRUST, "role_trust"),
        ({"Statement": {**TRUST["Statement"], "Resource": "*"}}, "role_trust"),  # type: ignore[dict-item]
        ({"Statement": {"Effect": "Allow", "Principal": "*", "Action": ["sts:X", "s3:Y"]}}, "role_trust"),
        ({"Statement": {**RESOURCE["Statement"], "Action": ["sts:X", 7]}}, "resource"),  # type: ignore[dict-item]
        ({"Statement": {**RESOURCE["Statement"], "Action": []}}, "resource"),  # type: ignore[dict-item]
    ],
)
def test_the_type_that_a_document_looks_like(tmp_path: Path, value: object, policy_type: str) -> None:
    resource_type = "AWS::IAM::AssumeRolePolicyDocument" if policy_type == "role_trust" else ""
    assert read(written(tmp_path, value)) == [("", policy_type, resource_type, True)]


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (["IDENTITY_POLICY"], ("identity", "")),
        (["RESOURCE_POLICY"], ("resource", "")),
        (["SERVICE_CONTROL_POLICY"], ("service_control", "")),
        (["RESOURCE_CONTROL_POLICY"], ("resource_control", "")),
        (["session"], ("session", "")),
        (["vpc_endpoint"], ("vpc_endpoint", "")),
        (["RESOURCE_POLICY", "AWS::S3::Bucket"], ("resource", "AWS::S3::Bucket")),
        (
            ["RESOURCE_POLICY", "AWS::IAM::AssumeRolePolicyDocument"],
            ("role_trust", "AWS::IAM::AssumeRolePolicyDocument"),
        ),
        (["role_trust"], ("role_trust", "AWS::IAM::AssumeRolePolicyDocument")),
        ([None, "AWS::S3::Bucket"], ("resource", "AWS::S3::Bucket")),
        (
            [None, "AWS::IAM::AssumeRolePolicyDocument"],
            ("role_trust", "AWS::IAM::AssumeRolePolicyDocument"),
        ),
    ],
)
def test_the_type_that_the_user_gives(tmp_path: Path, types: list[str], expected: tuple[str, str]) -> None:
    assert read(written(tmp_path, IDENTITY), *types) == [("", *expected, False)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"PolicyVersion": {"Document": IDENTITY}}, ("/PolicyVersion/Document", "identity", "", False)),
        (
            {"RoleName": "r", "PolicyDocument": json.dumps(IDENTITY)},
            ("/PolicyDocument", "identity", "", False),
        ),
        (
            {"Role": {"AssumeRolePolicyDocument": TRUST}},
            ("/Role/AssumeRolePolicyDocument", "role_trust", "AWS::IAM::AssumeRolePolicyDocument", False),
        ),
        ({"Policy": json.dumps(RESOURCE)}, ("/Policy", "resource", "", True)),
        ({"Attributes": {"Policy": json.dumps(RESOURCE)}}, ("/Attributes/Policy", "resource", "", True)),
        ({"Policy": {"Content": json.dumps(IDENTITY)}}, ("/Policy/Content", "identity", "", True)),
        ({QUEUE: RESOURCE}, (f"/{QUEUE}", "resource", "AWS::SQS::Queue", False)),
        ({"arn:aws:s3:::b": RESOURCE}, ("/arn:aws:s3:::b", "resource", "AWS::S3::Bucket", False)),
        (
            {"arn": "arn:aws:iam::111122223333:policy/P", "document": IDENTITY},
            ("/document", "identity", "", False),
        ),
    ],
)
def test_policies_that_stand_in_something(tmp_path: Path, value: object, expected: tuple[str, str, str, bool]) -> None:
    assert read(written(tmp_path, value)) == [expected]


def test_the_user_says_what_a_file_does_not(tmp_path: Path) -> None:
    file = written(tmp_path, {"Policy": json.dumps(RESOURCE)})
    assert read(file, "vpc_endpoint") == [("/Policy", "vpc_endpoint", "", False)]
    file = written(tmp_path, {QUEUE: RESOURCE})
    assert read(file, "vpc_endpoint") == [(f"/{QUEUE}", "resource", "AWS::SQS::Queue", False)]


def test_files_of_whole_accounts_and_organizations() -> None:
    folder = ROOT / "examples/organization"
    kinds = {
        policy_type
        for file in sorted(folder.rglob("*"))
        if file.suffix in (".json", ".yaml") and file.name != "bundle.yaml"
        for _, policy_type, _, guessed in read(str(file))
        if not guessed
    }
    assert kinds >= {"identity", "resource", "role_trust"}


def test_folders_and_globs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "below").mkdir()
    a, b = written(tmp_path, IDENTITY, "a.json"), written(tmp_path, IDENTITY, "below/b.yaml")
    other, _ = written(tmp_path, {"x": 1}, "other.yml"), written(tmp_path, IDENTITY, "c.txt")
    found = inputs.read([str(tmp_path)])
    assert [subject.source.file for subject in found.subjects] == [a, b]
    assert found.skipped == [other]
    assert [subject.source.file for subject in inputs.read([f"{tmp_path}/**/*.yaml"]).subjects] == [b]
    monkeypatch.chdir(tmp_path)
    assert [subject.source.file for subject in inputs.read(["*.json"]).subjects] == ["a.json"]


def test_of_a_folder_what_is_hidden_or_no_policy_at_all_is_no_error(tmp_path: Path) -> None:
    (tmp_path / ".hidden").mkdir()
    written(tmp_path, "{", ".hidden/p.json")
    several, broken = written(tmp_path, "a: 1\n---\nb: 2\n", "a.yaml"), written(tmp_path, '{"Statement": [', "b.json")
    found = inputs.read([str(tmp_path)])
    assert ([finding.file for finding in found.findings], found.skipped) == ([broken], [several])
    assert [finding.file for finding in inputs.read([several]).findings] == [several]


def test_a_folder_without_a_policy_is_told(tmp_path: Path) -> None:
    other = written(tmp_path, {"x": 1}, "other.yml")
    report = checks.of_files(inputs.read([str(tmp_path)]), Settings())
    assert report == checks.Report((), (f"no policy in {other}",), 0)


@pytest.mark.parametrize("name", ["nothing.json", "*.nothing"])
def test_a_file_that_there_is_not(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        inputs.read([str(tmp_path / name)])


# LINT-6
@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("p.json", "{", ["1:2 JSON_SYNTAX_ERROR "]),
        ("p.json", "", ["1:1 JSON_SYNTAX_ERROR "]),
        ("p.yaml", "a: [", ["1:5 JSON_SYNTAX_ERROR "]),
        ("p.json", '{"a": 1,\n "a": 2}', ["2:2 OPA_IAM_DUPLICATE_MEMBER /a"]),
        ("p.json", '{"a": NaN}', ["1:7 JSON_SYNTAX_ERROR /a"]),
        ("p.json", b"\xff\xfe", ["1:1 JSON_SYNTAX_ERROR "]),
        ("p.json", '{"arn": 1, "document": {}}', ["1:9 INVALID_SHAPE /arn"]),
        ("p.json", json.dumps({"Policy": "{"}), ["1:12 JSON_SYNTAX_ERROR /Policy"]),
    ],
)
def test_what_can_not_be_read_is_found(tmp_path: Path, name: str, text: str | bytes, expected: list[str]) -> None:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    findings = inputs.read([str(file)]).findings
    assert [f"{each.line}:{each.column} {each.code} {each.path}" for each in findings] == expected


# IN-4
def test_which_global_keys_have_many_values_is_what_the_rego_says() -> None:
    types = opa.evaluate("data.iam.catalogue._global_keys", {})
    lists = {key for key, kind in types.items() if kind.startswith("ArrayOf")}
    assert lists == cases._GLOBAL_LISTS  # noqa: SLF001


# IN-4
def test_a_case_that_gives_a_list_for_a_key_of_one_value(tmp_path: Path) -> None:
    context = {
        "aws:SourceIp": ["10.0.0.1"],
        "aws:TagKeys": ["a"],
        "s3:prefix": ["x"],
        "S3:RequestObjectTag/a": ["x"],
        "s3:RequestObjectTagKeys": ["x"],
        "s3:signatureAge": 7,
        "my:key": ["x"],
    }
    request = {"principal": "*", "action": "s3:GetObject", "context": context}
    case = {"name": "a", "request": request, "expect": {"allow": False}}
    for value, prefix in (([case], "/0/request"), ({"defaults": request, "cases": [case]}, "/cases/0/request")):
        report = checks.of_files(inputs.read([written(tmp_path, value)]), Settings())
        keys = {finding.path for finding in report.findings if finding.path.startswith(prefix)}
        assert keys == {f"{prefix}/context/{key}" for key in ("S3:RequestObjectTag~1a", "aws:SourceIp", "s3:prefix")}
        assert {(finding.code, finding.severity) for finding in report.findings} == {
            ("OPA_IAM_SCALAR_GIVEN_LIST", "SUGGESTION")
        }
        assert report.count == 1
    assert "/defaults/context/aws:SourceIp" in [finding.path for finding in report.findings]
