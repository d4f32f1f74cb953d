from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from opa_iam import compiler, files, lowering, opa, project, routes, webassembly

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opa_iam.errors import Finding
    from opa_iam.project import Project

    Marked = Callable[[str], tuple[str, list[tuple[int, int]]]]
    Refused = Callable[..., tuple[Finding, ...]]

ARN = "arn:aws:iam::aws:policy/P"
BUNDLE: dict[str, object] = {"name": "p", "policies": ["policies/*.yaml"]}
REST = "Effect: Allow, Action: 's3:*', Resource: '*'"


def lowered(*actions: str) -> dict[str, Any]:
    """What the Rego library makes of a document that allows actions everywhere: how it is stored."""
    asked = {"documents": [{"document": document(*actions), "policy_type": "identity"}]}
    (stored,) = opa.evaluate("data.iam.document.lowered_documents", asked)
    return {name: stored[name] for name in ("actions", "statements")}


def document(*actions: str) -> dict[str, Any]:
    """A document that allows actions everywhere."""
    return {"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}


def statement(condition: str = "", rest: str = REST) -> str:
    """A document of one statement, in YAML."""
    return f"{{Statement: [{{{rest}{condition and f', Condition: {condition}'}}}]}}"


# A document, its findings' marks in order of their place, and for each the code and the path.
WRONG = [
    ("»[]", ["JSON_SYNTAX_ERROR "]),
    ("»null", ["JSON_SYNTAX_ERROR "]),
    ("»{}", ["MISSING_STATEMENT "]),
    ("{Statement: »null}", ["DATA_TYPE_MISMATCH /Statement"]),
    ("{Statement: [»s]}", ["DATA_TYPE_MISMATCH /Statement/0"]),
    ("{Version: »2012-10-18, Statement: []}", ["INVALID_VERSION /Version"]),
    ("{Version: »2012, Statement: []}", ["DATA_TYPE_MISMATCH /Version"]),
    ("{Version: '2012-10-17', Id: »null, Statement: []}", ["DATA_TYPE_MISMATCH /Id"]),
    ("{Statement: [], »a/b~c: 1}", ["INVALID_POLICY_ELEMENT /a~1b~0c"]),
    ("{Statement: [], »statement: []}", ["INVALID_POLICY_ELEMENT /statement"]),
    (statement(rest=f"{REST}, »Principal: '*'"), ["UNSUPPORTED_PRINCIPAL /Statement/0/Principal"]),
    (statement(rest=f"»NotPrincipal: null, {REST}"), ["UNSUPPORTED_PRINCIPAL /Statement/0/NotPrincipal"]),
    (statement(rest=f"{REST}, »action: 's3:*'"), ["INVALID_POLICY_ELEMENT /Statement/0/action"]),
    (
        "{Statement: [»{Effect: Allow, Action: 'a:b', NotAction: 'a:c', Resource: '*'}]}",
        ["UNSUPPORTED_ELEMENT_COMBINATION /Statement/0"],
    ),
    (
        "{Statement: [»{Effect: Deny, Action: 'a:b', Resource: '*', NotResource: 'arn:aws:s3:::b'}]}",
        ["UNSUPPORTED_ELEMENT_COMBINATION /Statement/0"],
    ),
    ("{Statement: [»{Effect: Allow, Resource: '*'}]}", ["MISSING_ACTION /Statement/0"]),
    ("{Statement: »{Effect: Allow, Action: 'a:b'}}", ["MISSING_RESOURCE /Statement"]),
    ("{Statement: [»{Action: 'a:b', Resource: '*'}]}", ["MISSING_EFFECT /Statement/0"]),
    ("{Statement: [{Effect: »allow, Action: 'a:b', Resource: '*'}]}", ["INVALID_EFFECT /Statement/0/Effect"]),
    ("{Statement: [{Effect: »null, Action: 'a:b', Resource: '*'}]}", ["DATA_TYPE_MISMATCH /Statement/0/Effect"]),
    ("{Statement: [{Effect: »[Allow], Action: 'a:b', Resource: '*'}]}", ["DATA_TYPE_MISMATCH /Statement/0/Effect"]),
    ("{Statement: [{Effect: Deny, Action: »null, Resource: '*'}]}", ["DATA_TYPE_MISMATCH /Statement/0/Action"]),
    (
        "{Statement: [{Effect: Deny, Action: ['a:b', »7], Resource: [»{}]}]}",
        ["DATA_TYPE_MISMATCH /Statement/0/Action/1", "DATA_TYPE_MISMATCH /Statement/0/Resource/0"],
    ),
    (
        "{Statement: [{Effect: Deny, NotAction: [»s3, »'s3:a:b', 'a:b', »'*:Get'], Resource: '*'}]}",
        [
            "INVALID_ACTION /Statement/0/NotAction/0",
            "INVALID_ACTION /Statement/0/NotAction/1",
            "WILDCARD_IN_SERVICE_NAME /Statement/0/NotAction/3",
        ],
    ),
    (
        "{Statement: [{Effect: Deny, Action: 'a:b', Resource: ['*', 'arn:', »bucket, »'']}]}",
        ["INVALID_ARN_PREFIX /Statement/0/Resource/2", "INVALID_ARN_PREFIX /Statement/0/Resource/3"],
    ),
    (
        "{Version: 2012-10-17, Statement: {Effect: Deny, Action: 'a:b', Resource: [»'arn:a:${', »'arn:a:${}']}}",
        ["MISSING_BRACE_IN_VARIABLE /Statement/Resource/0", "EMPTY_VARIABLE /Statement/Resource/1"],
    ),
    (
        "{Version: 2008-10-17, Statement: [{Effect: Deny, Action: 'a:b', Resource: 'arn:aws:s3:::${'}, »1]}",
        ["DATA_TYPE_MISMATCH /Statement/1"],
    ),
    (
        statement("{StringLike: {a: [»'${a b}', x, »\"${a, b}\"]}}").replace("{", "{Version: 2012-10-17, ", 1),
        [
            "UNSUPPORTED_SPACE_IN_VARIABLE /Statement/0/Condition/StringLike/a/0",
            "MISSING_QUOTE_IN_VARIABLE /Statement/0/Condition/StringLike/a/2",
        ],
    ),
    (
        f"{{Statement: [{{Sid: A, {REST}}}, {{Sid: »A, {REST}}}, {{Sid: B, {REST}}}]}}",
        ["UNIQUE_SIDS_REQUIRED /Statement/1/Sid"],
    ),
    (statement(rest=f"Sid: »a-b, {REST}"), ["UNSUPPORTED_SID /Statement/0/Sid"]),
    (statement(rest=f"Sid: »null, {REST}"), ["DATA_TYPE_MISMATCH /Statement/0/Sid"]),
    (statement("»[]"), ["DATA_TYPE_MISMATCH /Statement/0/Condition"]),
    (statement("{StringEquals: »[a]}"), ["DATA_TYPE_MISMATCH /Statement/0/Condition/StringEquals"]),
    (statement("{StringEquals: {a: [»null]}}"), ["DATA_TYPE_MISMATCH /Statement/0/Condition/StringEquals/a/0"]),
    (
        statement("{StringEquals: {»a: b, A: c}}"),
        ["DUPLICATE_KEYS_WITH_DIFFERENT_CASE /Statement/0/Condition/StringEquals/a"],
    ),
    (statement("{»StringEqualz: {a: b}}"), ["INVALID_CONDITION_OPERATOR /Statement/0/Condition/StringEqualz"]),
    (statement("{»x/y~z: {a: b}}"), ["INVALID_CONDITION_OPERATOR /Statement/0/Condition/x~1y~0z"]),
    (statement("{NumericEquals: {a: »1x}}"), ["TYPE_MISMATCH_NUMBER /Statement/0/Condition/NumericEquals/a"]),
    (statement("{»NullIfExists: {a: true}}"), ["NULL_WITH_IF_EXISTS /Statement/0/Condition/NullIfExists"]),
    (statement("{Bool: {a: [true, 'FALSE', »1]}}"), ["TYPE_MISMATCH_BOOLEAN /Statement/0/Condition/Bool/a/2"]),
]


@pytest.mark.parametrize(("text", "findings"), WRONG)
def test_what_is_wrong_in_a_policy_document_is_placed(
    make_project: Callable[..., Path], refused: Refused, marked: Marked, text: str, findings: list[str]
) -> None:
    policy, places = marked(f"arn: {ARN}\ndocument:\n  {text}\n")
    found = refused(compiler.compile_project, project.read(make_project(BUNDLE, p=policy)))
    expected = [
        (*place, code, f"/document{path}")
        for place, (code, path) in zip(places, (finding.split(" ") for finding in findings), strict=True)
    ]
    placed = [(finding.line, finding.column, finding.code, finding.path) for finding in found]
    assert [each for each in expected if each not in placed] == []  # beside what lint finds in it


def test_an_operator_that_iam_has_not_is_named(make_project: Callable[..., Path], refused: Refused) -> None:
    condition: dict[str, Any] = {"ForAnyValue:StringEqualz": {}}
    policy = {"arn": ARN, "document": {"Statement": {**document("a:b")["Statement"][0], "Condition": condition}}}
    (finding,) = refused(compiler.compile_project, project.read(make_project(BUNDLE, p=policy)))
    assert finding.message == "'ForAnyValue:StringEqualz' is no condition operator (GRAM-23)"


def test_the_findings_of_all_documents_come_at_once_and_sorted(
    make_project: Callable[..., Path], refused: Refused, marked: Marked
) -> None:
    bundle, bundle_places = marked("""name: p
policies: [policies/*.yaml, policies/*.json]
accounts:
  111122223333:
    roles:
      - name: R
        managed_policies: [»Nobody]
        inline_policies:
          inline: {Statement: {Effect: »Permit, Action: 'a:b', Resource: '*'}}
    groups: [{name: G, inline_policies: {inline: »{}}}]
""")
    policy, policy_places = marked(f"""arn: {ARN}
history:
  - {{date: 2021-01-01, change: first, document: »{{Version: »'2012'}}}}
  - {{date: 2021-01-02, change: second, document: »null}}
  - {{date: 2021-01-03, change: third}}
document: {{Statement: {{Effect: Allow, Action: »null, Resource: '*'}}}}
""")
    json_policy, json_places = marked(f'{{"arn": "{ARN}Q",\n\t"document": {{"Statement": [»7]}}}}')
    file = make_project(bundle, p=policy)
    (file.parent / "policies" / "q.json").write_text(json_policy, "utf-8")
    found = refused(compiler.compile_project, project.read(file))
    places = [("bundle.yaml", bundle_places), ("policies/p.yaml", policy_places), ("policies/q.json", json_places)]
    assert [(finding.file, (finding.line, finding.column)) for finding in found] == [
        (str(file.parent / name), place) for name, of_file in places for place in of_file
    ]
    account = "/accounts/111122223333"
    assert [f"{finding.code} {finding.path}" for finding in found] == [
        f"UNKNOWN_POLICY {account}/roles/0/managed_policies/0",
        f"INVALID_EFFECT {account}/roles/0/inline_policies/inline/Statement/Effect",
        f"MISSING_STATEMENT {account}/groups/0/inline_policies/inline",
        "MISSING_STATEMENT /history/0/document",
        "INVALID_VERSION /history/0/document/Version",
        "JSON_SYNTAX_ERROR /history/1/document",
        "DATA_TYPE_MISMATCH /document/Statement/Action",
        "DATA_TYPE_MISMATCH /document/Statement/0",
    ]


FULL_BUNDLE = """
name: p
policies: [policies/*.yaml]
accounts:
  111122223333:
    roles:
      - name: Build
        managed_policies: [P]
        inline_policies: {own: {Statement: [{Effect: Allow, Action: [s3:ListBucket], Resource: '*'}]}}
"""
HISTORY = [
    {"date": "2021-04-26", "change": "first", "document": document("s3:GetObject")},
    {"date": "2022-12-16", "change": "second", "document": document("s3:GetObject", "s3:PutObject")},
    {"date": "2024-02-20", "change": "third"},
]


@pytest.fixture
def full(make_project: Callable[..., Path]) -> Project:
    """A project that has one of everything."""
    linked = {
        "arn": ARN.replace("/P", "/aws-service-role/L"),
        "attachable_to": "service-linked role",
        "service": "l.amazonaws.com",
        "document": document("l:*"),
    }
    anonymous = {name: value for name, value in linked.items() if name != "service"} | {"arn": f"{linked['arn']}2"}
    policy = {"arn": ARN, "service": "x.amazonaws.com", "history": HISTORY, "document": document("s3:*")}
    new = {"arn": f"{ARN}New", "history": HISTORY[2:], "document": document("s3:*")}
    return project.read(make_project(FULL_BUNDLE, linked=linked, anonymous=anonymous, policy=policy, new=new))


def test_the_compiled_data(full: Project) -> None:
    role = "arn:aws:iam::111122223333:role/Build"
    linked_arn = ARN.replace("/P", "/aws-service-role/L")
    linked = {"attachable_to": "service-linked-role", **lowered("l:*")}
    compiled = compiler.compile_project(full)
    index = compiled.pop("index")
    assert {name: index[name] for name in ("policy_names", "roles")} == {
        "policy_names": {
            "L": [linked_arn],
            "L2": [f"{linked_arn}2"],
            "P": [ARN],
            "PNew": [f"{ARN}New"],
        },
        "roles": {"aws/111122223333/build": role},
    }
    assert compiled == {
        "account": {"principals": {role: {"policies": [ARN, f"{role}#own"]}}, "resources": {}},
        "policies": {
            ARN: {
                "created": "2021-04-26",
                "earlier": [
                    {"policy": f"{ARN}@2021-04-26", "since": "2021-04-26", "until": "2022-12-16"},
                    {"policy": f"{ARN}@2022-12-16", "since": "2022-12-16", "until": "2024-02-20"},
                ],
                "since": "2024-02-20",
                **lowered("s3:*"),
            },
            f"{ARN}@2021-04-26": {"policy_type": "superseded", **lowered("s3:GetObject")},
            f"{ARN}@2022-12-16": {"policy_type": "superseded", **lowered("s3:GetObject", "s3:PutObject")},
            f"{ARN}New": {
                "created": "2024-02-20",
                "earlier": [],
                "since": "2024-02-20",
                **lowered("s3:*"),
            },
            linked_arn: {**linked, "service": "l.amazonaws.com"},
            f"{linked_arn}2": linked,
            f"{role}#own": lowered("s3:ListBucket"),
        },
        "settings": {},
    }


def test_the_index_tells_the_way_from_the_caller_and_the_action_to_the_statements(full: Project) -> None:
    index = compiler.compile_project(full)["index"]
    role = "arn:aws:iam::111122223333:role/Build"
    caller = index["callers"][role]
    found = index["sets"][caller["identity"]]
    assert index["sessions"] == {"arn:aws:sts::111122223333:assumed-role": {"build": role}}
    assert index["accounts"] == {}
    assert (caller["account"], caller["kind"], caller["alone"]) == ("111122223333", "role", True)
    assert found == {
        "Allow": {"always": {"s3": [f"{role}#own"]}, "wide": {"s3": [ARN]}},
        "speaking": {"mixed": {"s3": [[0, "Allow", "wide", ARN, "s3"], [1, "Allow", "always", f"{role}#own", "s3"]]}},
    }


def test_the_index_tells_who_speaks_of_a_service_by_names_alone() -> None:
    def policy(*actions: str) -> dict[str, Any]:
        document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": actions, "Resource": "*"}}
        [lowered] = lowering.of([(document, "identity")])
        return {"actions": lowered["actions"], "statements": lowered["statements"]}

    user = "arn:aws:iam::111122223333:user/Ana"
    data: dict[str, Any] = {
        "account": {"principals": {user: {"policies": ["named", "all"]}}, "resources": {}},
        "policies": {"named": policy("s3:GetObject", "sqs:SendMessage"), "all": policy("s3:*")},
        "settings": {},
    }
    data["policies"]["all"]["actions"]["Allow"]["sqs"] = {"unlisted": {"000001": "^(?:list.*)$"}}
    index = routes.of(data)
    named = {service: [0, "Allow", "always", "named", service] for service in ("s3", "sqs")}
    assert index["sets"][index["callers"][user]["identity"]]["speaking"] == {
        "mixed": {
            "s3": [named["s3"], [1, "Allow", "wide", "all", "s3"]],
            "sqs": [named["sqs"], [1, "Allow", "unlisted", "all", "sqs"]],
        },
        "named": {"sqs": {"always": [[0, "Allow", "named"]]}},
    }


def test_settings_are_compiled(make_project: Callable[..., Path]) -> None:
    source = project.read(make_project({"name": "p", "settings": {"strict_notprincipal": True}}))
    assert compiler.compile_project(source)["settings"] == {"strict_notprincipal": True}


def test_documents_are_lowered_alike_without_opa(
    shipped: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_opa = compiler.compile_project(shipped)
    module = tmp_path / "policy.wasm"
    module.write_bytes(webassembly.of_library())
    monkeypatch.setattr(webassembly, "shipped", lambda: module)
    monkeypatch.setattr(opa, "is_at_hand", lambda: False)
    monkeypatch.setattr(opa, "run", None)
    assert compiler.compile_project(shipped) == with_opa


def test_an_empty_project_compiles(make_project: Callable[..., Path]) -> None:
    assert compiler.compile_project(project.read(make_project({"name": "p"}))) == {
        "account": {"principals": {}, "resources": {}},
        "index": {
            "accounts": {},
            "callers": {},
            "known": {"": {}, "/": {}},
            "policed": {},
            "policy_names": {},
            "roles": {},
            "sessions": {},
            "sets": {},
            "ways": {},
        },
        "policies": {},
        "settings": {},
    }


def test_the_data_is_written_as_a_bundles_folders(tmp_path: Path) -> None:
    compiler.write({"policies": {"b": "é", "a": [1]}, "index": {}}, tmp_path)
    assert {
        path.relative_to(tmp_path).as_posix(): path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()
    } == {
        "iam/policies/data.json": '{\n  "a": [\n    1\n  ],\n  "b": "é"\n}\n',
        "iam/index/data.json": "{}\n",
    }


def test_equal_sources_give_equal_bytes_whatever_the_seed_of_hashes(full: Project, tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; from opa_iam import compiler, project; "
        "compiler.write(compiler.compile_project(project.read(sys.argv[1])), pathlib.Path(sys.argv[2]))"
    )
    written = []
    for seed in ("0", "1", "2"):
        command = [sys.executable, "-c", script, full.source.file, str(tmp_path / seed)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})  # noqa: S603
        folder = tmp_path / seed / "iam"
        written.append({path.parent.name: path.read_bytes() for path in folder.glob("*/data.json")})
    assert sorted(written[0]) == ["account", "index", "policies", "settings"]
    assert json.loads(written[0]["policies"]) == compiler.compile_project(full)["policies"]
    assert written[1:] == [written[0], written[0]]


def test_nothing_is_written_when_a_document_is_wrong(
    make_project: Callable[..., Path], tmp_path: Path, refused: Refused
) -> None:
    """As `opa-iam compile` does it."""
    target = tmp_path / "out" / "data"

    def compile_to_target(policy: dict[str, Any]) -> None:
        data = compiler.compile_project(project.read(make_project(BUNDLE, p={"arn": ARN, "document": policy})))
        with files.replacing(target) as new:
            compiler.write(data, new)

    def everything() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in target.parent.rglob("*") if path.is_file()}

    refused(compile_to_target, {"Statement": [{}]})
    assert not target.parent.exists()
    compile_to_target(document("s3:*"))
    before = everything()
    assert len(before) == 4
    refused(compile_to_target, {"Statement": [{}]})
    assert everything() == before
    compile_to_target(document("s3:Get*"))
    assert everything().keys() == before.keys()
    assert everything() != before
