from __future__ import annotations

import codecs
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import gate
from gate import EXAMPLES, GUARDRAILS, ROOT
from opa_iam import cli, json_bytes, webassembly
from opa_iam.ci import evaluation, inputs, run, settings
from opa_iam.ci.settings import Rules
from opa_iam.engines.wasm import WasmEngine
from opa_iam.errors import DocumentError, InputError

READS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}],
}
PUBLIC = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}],
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test has the settings of the folder that pytest runs in."""
    monkeypatch.chdir(tmp_path)


def written(name: str, content: object) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, "utf-8")
    return name


def rules_of(verdict: run.Verdict) -> list[str]:
    return [finding["rule"] for finding in verdict.findings]


@pytest.mark.parametrize(
    ("content", "verdict", "code"),
    [
        (READS, "pass", 0),
        (PUBLIC, "deny", 1),
        ({"Resources": {"S": {"Type": "AWS::CloudFormation::Stack"}}}, "undecided", 1),
        ({"Resources": {}}, "nothing-to-judge", 1),
        ("{", "error", 2),
    ],
)
def test_verdicts_and_their_exit_codes(content: object, verdict: str, code: int) -> None:
    found = run.judge([written("file.json", content)])
    assert (found.verdict, found.exit_code) == (verdict, code)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: f"{file.parts[-3]}-{file.parts[-2]}")
def test_the_examples_give_the_output_that_lies_beside_them(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    file, rules = (str(path.relative_to(ROOT)) for path in (example, GUARDRAILS))
    found = CliRunner().invoke(cli.main, ["ci", file, "--guardrails", rules])
    assert [line.rstrip() for line in found.output.splitlines()] == (
        example.parent / "output.txt"
    ).read_text().splitlines()


def test_the_module_says_the_same() -> None:
    files = inputs.read(map(str, EXAMPLES))
    rules = settings.read([str(GUARDRAILS)])
    data = {**json_bytes.loads(gate.data()), "iam": {**json_bytes.loads(gate.data())["iam"], "ci": rules.value}}
    with WasmEngine(webassembly.of_library(), json_bytes.dumps(data)) as engine:
        found = engine.query("iam/ci/report", evaluation.combined(files))
    assert found == evaluation.report(files, rules, str(ROOT))


def test_findings_have_the_place_in_the_file() -> None:
    (finding,) = run.judge(
        [written("p.yaml", "Version: 2012-10-17\nStatement:\n- Effect: Allow\n  Action: s3:Nope\n  Resource: '*'\n")]
    ).findings
    assert (finding["rule"], finding["file"], finding["line"], finding["column"]) == ("INVALID_ACTION", "p.yaml", 4, 11)


def test_what_cannot_be_decided_may_be_told_only() -> None:
    file = written("t.json", {"Resources": {"S": {"Type": "AWS::CloudFormation::Stack"}}})
    found = run.judge([file], undecided="warn")
    assert (found.verdict, [finding["severity"] for finding in found.findings]) == ("pass", ["warning"])


def test_nothing_may_be_allowed() -> None:
    assert run.judge([written("t.json", {"Resources": {}})], allow_nothing=True).verdict == "pass"


def test_an_empty_plan_has_nothing_to_judge() -> None:
    assert run.judge([written("plan.json", gate.plan())]).verdict == "nothing-to-judge"


def test_a_change_of_many_files_is_one_change() -> None:
    written("a/role.json", {"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "r"}}}})
    written("a/b/policy.yaml", json.dumps(PUBLIC))
    written("a/notes.txt", "no policy")
    written("a/.hidden/policy.json", "{")
    found = run.judge(["a"])
    assert (found.count, rules_of(found)) == (2, ["OPA_IAM_PUBLIC_RESOURCE_POLICY"])
    assert run.judge(["a/**/*.yaml", "a/b/policy.yaml"]).count == 1


def test_what_is_about_something_else_in_a_folder_may_be_broken() -> None:
    written("a/policy.json", READS)
    written("a/chart.yaml", "{{ .Values.x }}: [")
    assert run.judge(["a"]).verdict == "pass"
    written("a/template.yaml", "Resources: {R: {Type: AWS::IAM::Role, [}}")
    assert [finding["file"] for finding in run.judge(["a"]).findings] == ["a/template.yaml"]
    assert run.judge(["a/chart.yaml"]).verdict == "error"


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_files_may_be_as_powershell_writes_them(mark: bytes) -> None:
    encodings = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
    Path("p.json").write_bytes(mark + json.dumps(READS).encode(encodings[mark]))
    assert inputs.read(["p.json"])[0].value == READS


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(READS).encode())))
    assert run.judge(["-"]).verdict == "pass"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "plan",
            b"PK\x03\x04",
            "plan: a saved plan; what is judged is the JSON that `terraform show -json plan` prints",
        ),
        ("p.json", b"\xff{}", "p.json: not UTF-8 text (byte 0)"),
        ("p.json", codecs.BOM_UTF16_LE + b"x", "p.json: not UTF-16 text (byte 2)"),
    ],
)
def test_what_is_no_text(name: str, content: bytes, message: str) -> None:
    Path(name).write_bytes(content)
    with pytest.raises(InputError) as raised:
        inputs.read([name])
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("p.json", '{"a": 1,}', "p.json:1:9: JSON_SYNTAX_ERROR"),
        ("p.yaml", "a: [\n", "p.yaml:2:1: YAML_SYNTAX_ERROR"),
        ("p.yaml", "a: !Reff B\n", "p.yaml:1:4: YAML_SYNTAX_ERROR at /a: the tag !Reff means nothing here"),
        ("t.yaml", "a: 1\na: 2\n", "t.yaml:2:1: OPA_IAM_DUPLICATE_MEMBER at /a"),
        ("plan.json", '{"@level":"info"}\n{"@level":"info"}\n', "these are the messages of `terraform plan -json`"),
        ("plan.json", '{"a": 1}\n{"b": 2}\n', "plan.json:2:1: JSON_SYNTAX_ERROR: Extra data"),
    ],
)
def test_broken_files_are_told_with_their_place(name: str, text: str, message: str) -> None:
    with pytest.raises(DocumentError) as raised:
        inputs.read([written(name, text)])
    assert message in str(raised.value)


def test_every_broken_file_is_told() -> None:
    found = run.judge([written("a.json", "{"), written("b.json", "["), written("c.json", READS)])
    assert [(finding["file"], finding["verdict"]) for finding in found.findings] == [
        ("a.json", "error"),
        ("b.json", "error"),
    ]


def test_a_file_that_is_not_there() -> None:
    found = run.judge(["nowhere.json"])
    assert [finding["message"] for finding in found.findings] == ["nowhere.json: there is no such file"]


def test_flow_style_is_yaml() -> None:
    assert inputs.read([written("p.yaml", "{a: !Ref B}")])[0].value == {"a": {"Ref": "B"}}


def test_short_intrinsics_are_long_ones() -> None:
    text = """
A: !Ref Name
B: !Sub "${A}"
C: !GetAtt Role.Arn
D: !GetAtt [Role, Arn]
E: !Join [",", [!Ref X, !If [C, !Ref AWS::NoValue, {k: !ImportValue v}]]]
F: &anchor {x: !Ref Y}
G: *anchor
H: !Condition C
"""
    source = inputs.parse(text, "t.yaml")
    assert source.value == {
        "A": {"Ref": "Name"},
        "B": {"Fn::Sub": "${A}"},
        "C": {"Fn::GetAtt": ["Role", "Arn"]},
        "D": {"Fn::GetAtt": ["Role", "Arn"]},
        "E": {
            "Fn::Join": [
                ",",
                [{"Ref": "X"}, {"Fn::If": ["C", {"Ref": "AWS::NoValue"}, {"k": {"Fn::ImportValue": "v"}}]}],
            ]
        },
        "F": {"x": {"Ref": "Y"}},
        "G": {"x": {"Ref": "Y"}},
        "H": {"Condition": "C"},
    }
    assert source.place("/E/Fn::Join/1/1/Fn::If/2/k") == (6, 56)


def test_an_anchor_that_holds_itself() -> None:
    with pytest.raises(DocumentError, match="an anchor holds an alias of itself"):
        inputs.parse("a: &x {b: *x}", "t.yaml")


def huge() -> dict[str, Any]:
    """A plan of 20 MB, in which one bucket's policy opens the bucket."""
    instance = {"ami": "ami-0", "user_data": "x" * 1000, "tags": {f"key{number}": "value" for number in range(20)}}
    instances = [gate.resource("aws_instance", f"n{number}", None, instance) for number in range(14_000)]
    return gate.plan(
        *instances, gate.resource("aws_s3_bucket_policy", "b", None, {"bucket": "b", "policy": json.dumps(PUBLIC)})
    )


def test_a_huge_plan() -> None:
    file = written("plan.json", huge())
    assert Path(file).stat().st_size > 20_000_000
    assert rules_of(run.judge([file])) == ["OPA_IAM_PUBLIC_RESOURCE_POLICY"]


def test_settings_of_this_folder_hold() -> None:
    written(settings.FILE, "settings: {allow_nothing: true}\n")
    assert run.judge([written("t.json", {"Resources": {}})]).verdict == "pass"
    assert run.judge(["t.json"], guardrails=[written("empty.yaml", "")]).verdict == "nothing-to-judge"


def test_settings_as_conftest_needs_them_are_the_same() -> None:
    own = {"settings": {"region": "eu-west-1"}, "exceptions": []}
    files = [written("own.yaml", own), written("nested.yaml", {"iam": {"ci": own}})]
    assert settings.read(files[:1]).value == settings.read(files[1:]).value == own


def test_settings_of_several_files_add_up() -> None:
    guardrail = {"id": "g", "must_not": {"principal": "*", "actions": ["s3:*"]}}
    first = written("a.yaml", {"settings": {"region": "eu-west-1"}, "guardrails": [guardrail]})
    second = written("b.yaml", {"settings": {"account": "111122223333"}, "guardrails": [{**guardrail, "id": "h"}]})
    assert settings.read([first, second]) == Rules(
        {
            "settings": {"region": "eu-west-1", "account": "111122223333"},
            "guardrails": [guardrail, {**guardrail, "id": "h"}],
        },
        (first, second),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("settings: {acount: 1}", "f.yaml:1:12: UNKNOWN_MEMBER at /settings/acount"),
        ("settings: {account: 12}", "f.yaml:1:21: INVALID_SHAPE at /settings/account"),
        ("iam: {ci: {guardrails: [{id: g}]}}", "f.yaml:1:25: INVALID_SHAPE at /iam/ci/guardrails/0"),
        ("guardrails: [{id: g, must_not: {principal: '*'}}]", "'actions' is a required property"),
        ("guardrails: [{id: g, must: {principal: '*', actions: [s3]}}]", "f.yaml:1:55: INVALID_SHAPE"),
        ("exceptions: [{rule: R, address: a, until: 2027-01-31}]", "'reason' is a required property"),
        ("exceptions: [{rule: R, address: a, reason: ' ', until: 2027-01-31}]", "f.yaml:1:44: INVALID_SHAPE"),
        ("exceptions: [{rule: R, address: a, reason: b, until: 2027-02-31}]", "'2027-02-31' is not a 'date'"),
        ("settings: [", "f.yaml:1:12: YAML_SYNTAX_ERROR"),
    ],
)
def test_broken_settings_are_told_with_their_place(text: str, message: str) -> None:
    found = run.judge([written("p.json", READS)], guardrails=[written("f.yaml", text)])
    assert found.verdict == "error"
    assert message in "\n".join(map(str, found.placed))


def test_settings_that_disagree() -> None:
    files = [written("a.yaml", "settings: {region: eu-west-1}"), written("b.yaml", "settings: {region: eu-west-2}")]
    with pytest.raises(
        DocumentError,
        match=r"b.yaml:1:20: CONFLICTING_SETTING at /settings/region: another file sets region to 'eu-west-1'",
    ):
        settings.read(files)


def command(*arguments: str) -> Any:  # noqa: ANN401
    return CliRunner().invoke(cli.main, ["ci", *arguments])


def test_the_command_writes_files_as_well() -> None:
    found = command(
        written("p.json", PUBLIC), "--output", "json=o.json", "--output", "markdown=o.md", "--format", "github"
    )
    assert found.exit_code == 1
    assert found.output.startswith("::error file=p.json,line=1,")
    assert json.loads(Path("o.json").read_text())["verdict"] == "deny"
    assert Path("o.md").read_text().startswith("### opa-iam: the change must not be merged as it is\n")


def test_the_command_says_what_is_no_output() -> None:
    found = command(written("p.json", READS), "--output", "html=o.html")
    assert (found.exit_code, found.output) == (
        2,
        "opa-iam: --output html=o.html: spell it FORMAT=FILE, with one of json, sarif, junit, github, markdown\n",
    )


def test_the_command_says_what_it_cannot_write() -> None:
    found = command(written("p.json", READS), "--output", "json=nowhere/o.json")
    assert (found.exit_code, found.output) == (
        2,
        "opa-iam: nowhere/o.json: can't be written: No such file or directory\n",
    )


def test_the_command_tells_broken_files_on_standard_error() -> None:
    found = command(written("p.json", "{"))
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.startswith("opa-iam: p.json:1:2: JSON_SYNTAX_ERROR")


def test_the_command_prints_what_the_rules_see() -> None:
    written("t.yaml", "Resources: {R: {Type: AWS::IAM::Role, Properties: {RoleName: !Ref N}}}")
    written("p.json", READS)
    one, both = (json.loads(command("--print-input", *names).stdout) for names in (["t.yaml"], ["t.yaml", "p.json"]))
    assert one["Resources"]["R"]["Properties"] == {"RoleName": {"Ref": "N"}}
    assert both == [one, READS]


def test_nothing_found_is_a_line() -> None:
    assert command(written("p.json", READS)).stdout == "pass: 1 file, no findings\n"
