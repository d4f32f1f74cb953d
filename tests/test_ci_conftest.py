"""Conftest and `opa-iam ci` find the same, for they ask the same Rego."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import gate
from gate import EXAMPLES, GUARDRAILS, ROOT, conftest, ordered, run_conftest, told
from opa_iam import documents, opa
from opa_iam.ci import inputs, run

CASES = documents.read(str(ROOT / "tests" / "ci" / "rules.yaml")).value


def _json_of(file: Path, folder: Path) -> Path:
    """Return a file as JSON, as `opa-iam ci --print-input` gives it."""
    target = folder / f"{file.parent.name}-{file.stem}.json"
    target.write_text(json.dumps(inputs.contents(inputs.read([str(file)]))))
    return target


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: f"{file.parts[-3]}-{file.parts[-2]}")
def test_the_examples_are_judged_alike(file: Path, tmp_path: Path) -> None:
    own = _json_of(file, tmp_path)
    reply = conftest("--combine", str(own), data=[GUARDRAILS])
    judged = run.judge([str(own)], guardrails=[str(GUARDRAILS)])
    assert told(reply) == ordered(judged.findings)
    assert ("bad" in file.parts) == (judged.verdict == "deny")


def test_whatever_breaks_or_keeps_a_rule_is_judged_alike(tmp_path: Path) -> None:
    contents = [case[name]["file"] for case in CASES for name in ("breaks", "keeps") if "file" in case[name]]
    files = [tmp_path / f"{number}.json" for number in range(len(contents))]
    for file, content in zip(files, contents, strict=True):
        file.write_text(json.dumps(content))
    by_file = {result["filename"]: told([result]) for result in conftest(*map(str, files))}
    query = "[report.findings | some one in input; report := data.iam.ci.report with input as one]"
    judged = opa.evaluate(query, contents, gate.data())
    assert [by_file[str(file)] for file in files] == [ordered(findings) for findings in judged]
    assert len(files) > 40


@pytest.mark.parametrize(
    ("namespace", "file"),
    [
        ("iam.ci.terraform", "terraform/bad/plan.json"),
        ("iam.ci.cloudformation", "cloudformation/bad/template.json"),
        ("iam.ci.document", "policy.json"),
    ],
)
def test_a_namespace_finds_what_the_whole_finds_and_refuses_other_kinds(
    namespace: str, file: str, tmp_path: Path
) -> None:
    own = tmp_path / Path(file).name
    if file == "policy.json":
        own.write_text(gate.policy("s3:Nope"))
    else:
        folder = ROOT / "examples" / Path(file).parent
        source = next(folder.glob(f"{own.stem}.*"))
        own.write_text(json.dumps(inputs.read([str(source)])[0].value))
    other = tmp_path / "other.json"
    other.write_text(gate.policy("s3:GetObject") if file != "policy.json" else json.dumps({"Resources": {}}))
    reply = conftest(str(own), str(other), namespace=namespace, data=[GUARDRAILS])
    by_file = {result["filename"]: told([result]) for result in reply}  # in whatever order
    mine, refused = by_file[str(own)], by_file[str(other)]
    assert mine == told(conftest(str(own), data=[GUARDRAILS]))
    assert "OTHER_KIND_OF_FILE" in {finding["rule"] for finding in refused}
    assert "OTHER_KIND_OF_FILE" not in {finding["rule"] for finding in mine}


def test_a_yaml_template_of_which_the_tags_are_lost_is_undecided() -> None:
    found = run_conftest(str(ROOT / "examples" / "cloudformation" / "good" / "template.yaml"), "--namespace=iam.ci")
    assert found.returncode == 1
    assert "Conftest's YAML parser drops the tags of short intrinsics" in found.stdout


def test_an_exception_is_told_as_one(tmp_path: Path) -> None:
    policy = tmp_path / "policy.json"
    policy.write_text(
        json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
    )
    exception = {"rule": "FULL_ADMIN", "address": "*", "reason": "the break-glass policy", "until": "2999-12-31"}
    data = tmp_path / "data" / "iam" / "ci" / "exceptions.yaml"
    data.parent.mkdir(parents=True)
    data.write_text(json.dumps({"exceptions": [exception]}))
    (result,) = conftest(str(policy), data=[tmp_path / "data"])
    assert "failures" not in result
    assert len(result["exceptions"]) == 1
    assert any("excepted until 2999-12-31, the break-glass policy" in one["msg"] for one in result["warnings"])


def test_it_is_used_from_a_folder_that_somebody_pulled() -> None:
    plan = str(ROOT / "examples" / "terraform" / "good" / "plan.json")
    found = run_conftest(plan, "--namespace=iam.ci.terraform", f"--data={GUARDRAILS}")
    assert (found.returncode, "0 failures" in found.stdout) == (0, True)
    assert not list(gate.pulled().rglob("*_test.rego"))
