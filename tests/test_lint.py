"""The command, from files to exit codes; what bundle.yaml allows; the cache; both engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner

from opa_iam import catalogue, cli, compiler, library, opa, project, webassembly
from opa_iam.errors import DocumentError, EngineError
from opa_iam.lint import evaluation, inputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

HERE = Path(__file__).parent / "lint"
EXAMPLES = yaml.safe_load((HERE / "expected.yaml").read_text("utf-8"))
SOUND = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}],
}
BROKEN = {"Version": "2012-10-17", "Statement": [{**SOUND["Statement"][0], "Effect": "allow"}]}  # type: ignore[dict-item]
WITH_ID = {**SOUND, "Id": "x"}


def lint(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["lint", *arguments])


def findings(*arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(lint(*arguments, "--format", "json").stdout)["findings"]
    return found


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    """A function that writes a document and returns its file."""

    def write(document: object, name: str = "p.json") -> str:
        (tmp_path / name).write_text(json.dumps(document), "utf-8")
        return str(tmp_path / name)

    return write


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example(name: str) -> None:
    example = EXAMPLES[name]
    found = findings(str(HERE / "policies" / name), *example.get("options", []))
    lines = [f"{each['severity']} {each['code']} {each['line']}:{each['column']} {each['path']}" for each in found]
    assert [line.rstrip() for line in lines] == example["findings"]
    assert {each["file"] for each in found} <= {str(HERE / "policies" / name)}


def test_every_example_is_expected() -> None:
    assert sorted(file.name for file in (HERE / "policies").iterdir()) == sorted(EXAMPLES)


def test_exit_codes(file: Callable[..., str]) -> None:
    assert lint(file(SOUND)).exit_code == 0
    assert lint(file(WITH_ID)).exit_code == 0
    assert lint(file(BROKEN)).exit_code == 1
    assert lint(file(BROKEN), "--ignore", "INVALID_EFFECT").exit_code == 0
    assert lint(file(BROKEN), "--ignore", "OPA_IAM_").exit_code == 1
    assert lint(file(BROKEN), "--ignore", "NO_SUCH_CODE").exit_code == 2
    assert lint("nothing.json").exit_code == 2
    assert lint(file(SOUND), "--policy-type", "bucket").exit_code == 2


def test_a_table_says_what_was_assumed_and_how_much_was_found(file: Callable[..., str]) -> None:
    name = file(WITH_ID)
    result = lint(name)
    assert result.stderr == (
        f"opa-iam: {name}: taken for a policy of the type identity; --policy-type says otherwise\n"
    )
    assert "OPA_IAM_ID_WITHOUT_MEANING" in result.stdout
    assert result.stdout.endswith("\n1 document: 1 suggestion\n")
    assert lint(name, "--policy-type", "IDENTITY_POLICY").stderr == ""


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github"])
def test_every_format_has_the_finding(file: Callable[..., str], form: str) -> None:
    result = lint(file(BROKEN), "--format", form)
    assert "INVALID_EFFECT" in result.stdout
    assert result.exit_code == 1


def test_without_a_file_it_is_the_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # no bundle.yaml here: the one that ships
    assert {finding["code"] for finding in findings()} == {"OPA_IAM_CATALOGUE_IS_NEWER"}


def make_broken(make_project: Callable[..., Path], **lint_settings: object) -> Path:
    """A project with a policy that ends in another letter than it should, and one that has an Id."""
    bundle = {"name": "p", "policies": ["policies/*.yaml"], "lint": lint_settings}
    arn = "arn:aws:iam::111122223333:policy/team/"
    return make_project(
        bundle, broken={"arn": f"{arn}Broken", "document": EMPTY_NOT}, other={"arn": f"{arn}Other", "document": WITH_ID}
    )


EMPTY_NOT = {**SOUND, "Statement": [{"Effect": "Deny", "NotAction": [], "Resource": "*"}]}


def test_a_project_of_another_folder(make_project: Callable[..., Path]) -> None:
    bundle = make_broken(make_project)
    expected = ["OPA_IAM_EMPTY_NOT_LIST", "OPA_IAM_ID_WITHOUT_MEANING"]
    for arguments in (["--bundle", str(bundle)], ["--bundle", str(bundle.parent)], [str(bundle)]):
        assert [finding["code"] for finding in findings(*arguments)] == expected


def test_a_project_that_can_not_be_read_is_found_wrong(make_project: Callable[..., Path]) -> None:
    bundle = make_project({"name": "p", "policies": ["policies/*.yaml"]}, a="arn: [")
    (finding,) = findings("--bundle", str(bundle))
    assert (finding["code"], finding["file"]) == ("JSON_SYNTAX_ERROR", str(bundle.parent / "policies" / "a.yaml"))


@pytest.mark.parametrize("reference", ["nowhere", "pyproject.toml"])
def test_a_bundle_must_have_its_sources(reference: str) -> None:
    result = lint("--bundle", reference)
    assert (result.exit_code, "the sources are linted" in result.stderr) == (2, True)


EXCEPTION = {"code": "OPA_IAM_EMPTY_NOT_LIST", "reason": "a test"}


@pytest.mark.parametrize(
    ("exception", "is_allowed"),
    [
        (EXCEPTION, True),
        ({**EXCEPTION, "policy": "Broken"}, True),
        ({**EXCEPTION, "policy": "arn:aws:iam::111122223333:policy/team/Broken"}, True),
        ({**EXCEPTION, "policy": "Other"}, False),
        ({**EXCEPTION, "file": "policies/broken.yaml"}, True),
        ({**EXCEPTION, "file": "policies/*"}, True),
        ({**EXCEPTION, "file": "other/*"}, False),
        ({**EXCEPTION, "policy": "Broken", "file": "other/*"}, False),
        ({**EXCEPTION, "code": "OPA_IAM_", "policy": "Broken"}, True),
        ({**EXCEPTION, "code": "INVALID_EFFECT"}, False),
    ],
)
def test_an_exception_allows_what_it_names_and_nothing_else(
    make_project: Callable[..., Path], exception: dict[str, str], *, is_allowed: bool
) -> None:
    bundle = make_broken(make_project, allow_findings=[exception])
    codes = [finding["code"] for finding in findings("--bundle", str(bundle))]
    assert ("OPA_IAM_EMPTY_NOT_LIST" in codes) is not is_allowed
    assert ("OPA_IAM_UNUSED_EXCEPTION" in codes) is not is_allowed
    if is_allowed:
        assert compiler.compile_project(project.read(bundle))["policies"]
    else:
        with pytest.raises(DocumentError, match="OPA_IAM_EMPTY_NOT_LIST"):
            compiler.compile_project(project.read(bundle))


def test_an_exception_without_effect_is_placed(make_project: Callable[..., Path]) -> None:
    bundle = make_broken(make_project, allow_findings=[EXCEPTION, {**EXCEPTION, "code": "INVALID_EFFECT"}])
    (finding,) = [each for each in findings("--bundle", str(bundle)) if each["code"] == "OPA_IAM_UNUSED_EXCEPTION"]
    assert (finding["file"], finding["path"]) == (str(bundle), "/lint/allow_findings/1")


@pytest.mark.parametrize(
    ("exception", "message"),
    [
        ({"code": "INVALID_EFFECT"}, "INVALID_SHAPE at /lint/allow_findings/0: 'reason' is a required property"),
        ({**EXCEPTION, "reason": ""}, "INVALID_SHAPE at /lint/allow_findings/0/reason"),
        (
            {**EXCEPTION, "code": "INVALID_EFECT"},
            "UNKNOWN_CODE at /lint/allow_findings/0/code: there is no code 'INVALID_EFECT'; is INVALID_EFFECT meant?",
        ),
    ],
)
def test_an_exception_needs_a_reason_and_a_code(
    make_project: Callable[..., Path], exception: dict[str, str], message: str
) -> None:
    bundle = make_broken(make_project, allow_findings=[exception])
    with pytest.raises(DocumentError) as raised:
        project.read(bundle)
    assert message in str(raised.value)


def test_what_a_project_allows_holds_for_files(
    make_project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = make_broken(make_project, allow_findings=[{**EXCEPTION, "code": "OPA_IAM_ID_WITHOUT_MEANING"}])
    other = str(bundle.parent / "policies" / "other.yaml")
    assert findings(other) != []
    assert findings(other, "--bundle", str(bundle)) == []
    monkeypatch.chdir(bundle.parent)
    assert findings(other) == []


@pytest.mark.parametrize("command", ["compile", "build"])
def test_a_compile_stops_at_errors_that_are_not_allowed(
    make_project: Callable[..., Path], tmp_path: Path, command: str
) -> None:
    bundle, output = make_broken(make_project), tmp_path / "out"
    arguments = [command, str(bundle), "-o", str(output)]
    refused = CliRunner().invoke(cli.main, arguments)
    assert (refused.exit_code, output.exists()) == (2, False)
    assert "OPA_IAM_EMPTY_NOT_LIST at /document/Statement/0/NotAction" in refused.stderr
    allowed = CliRunner().invoke(cli.main, [*arguments, "--allow-findings", "OPA_IAM_EMPTY_NOT_LIST"])
    assert (allowed.exit_code, output.exists()) == (0, True)


def test_what_makes_a_document_unusable_can_not_be_allowed(make_project: Callable[..., Path]) -> None:
    policy = {"arn": "arn:aws:iam::111122223333:policy/P", "document": BROKEN}
    bundle = make_project({"name": "p", "policies": ["policies/*.yaml"]}, p=policy)
    read = project.read(bundle)
    with pytest.raises(DocumentError, match="INVALID_EFFECT"):
        compiler.compile_project(project.read(bundle))
    assert read.lint.allowing(["INVALID_EFFECT"]).allowed == {"INVALID_EFFECT"}
    refused = CliRunner().invoke(cli.main, ["compile", str(bundle), "--allow-findings", "INVALID_EFFECT"])
    assert refused.exit_code == 2


def test_what_is_wrong_with_aws_own_policies_stops_no_compile(make_project: Callable[..., Path]) -> None:
    policy = {"arn": "arn:aws:iam::aws:policy/P", "document": EMPTY_NOT}
    bundle = make_project({"name": "p", "policies": ["policies/*.yaml"]}, p=policy)
    assert "OPA_IAM_EMPTY_NOT_LIST" in [finding["code"] for finding in findings("--bundle", str(bundle))]
    assert compiler.compile_project(project.read(bundle))["policies"]


@pytest.fixture
def examples() -> list[Any]:
    """The documents of all examples, as far as they can be read."""
    found = []
    for name, example in EXAMPLES.items():
        options = example.get("options", [])
        types = dict(zip(options[::2], options[1::2], strict=True))
        read = inputs.read([str(HERE / "policies" / name)], types.get("--policy-type"), types.get("--resource-type"))
        found += read.subjects
    return found


def test_both_engines_find_the_same(examples: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPA_IAM_CACHE", str(tmp_path / "opa"))
    module = webassembly.of_library()
    of_opa = [evaluation.findings(examples), evaluation.findings(examples, only_errors=True)]
    monkeypatch.setenv("OPA_IAM_CACHE", str(tmp_path / "wasm"))
    monkeypatch.setattr(opa, "is_at_hand", lambda: False)
    monkeypatch.setattr(opa, "evaluate", lambda *_: pytest.fail("OPA is asked"))
    monkeypatch.setattr(webassembly, "shipped", lambda: tmp_path)
    monkeypatch.setattr(webassembly, "of_library", lambda: module)
    assert [evaluation.findings(examples), evaluation.findings(examples, only_errors=True)] == of_opa
    assert len(of_opa[0]) > len(of_opa[1]) > 0


def test_a_document_that_is_too_much_for_the_module_has_its_errors_and_is_named() -> None:
    class Tired:
        at_once = 0

        def query(self, path: str, _: object) -> list[list[dict[str, Any]]]:
            if path == "iam/lint/reports":
                raise EngineError("the module broke off")
            return [[{"code": "INVALID_EFFECT"}]]

    found = evaluation._of_module(Tired(), {}, "iam/lint/reports")  # noqa: SLF001
    assert [raw["code"] for raw in found] == ["INVALID_EFFECT", "OPA_IAM_NOT_EVALUATED"]


def test_errors_are_the_errors_among_all(examples: list[Any]) -> None:
    every = evaluation.findings(examples)
    assert evaluation.findings(examples, only_errors=True) == [each for each in every if each.severity == "ERROR"]


# LINT-5
def test_no_cause_is_told_twice_at_a_place(examples: list[Any]) -> None:
    every = [(finding.file, finding.path, finding.code, finding.message) for finding in evaluation.findings(examples)]
    assert sorted({each for each in every if every.count(each) > 1}) == []


def test_what_was_found_is_kept_by_what_it_depends_on(
    examples: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPA_IAM_CACHE", str(tmp_path))
    first = evaluation.findings(examples)
    with monkeypatch.context() as offline:
        offline.setattr(opa, "evaluate", lambda *_: pytest.fail("OPA is asked"))
        assert evaluation.findings(examples) == first

    asked: list[int] = []

    def count(_: str, value: dict[str, list[Any]], __: bytes) -> list[list[Any]]:
        asked.append(len(value["documents"]))
        return [[] for _ in value["documents"]]

    monkeypatch.setattr(opa, "evaluate", count)
    monkeypatch.setattr(evaluation, "_FOR_A_PROCESS", 10**6)
    evaluation.findings(examples[:1], extra_services=["mine"])
    evaluation.findings(examples[:1], only_errors=True)
    evaluation.findings(examples[:1], with_reference=False)
    monkeypatch.setattr(library, "rego", dict)
    evaluation._library.cache_clear()  # noqa: SLF001 - which other library it is
    evaluation.findings(examples[:1])
    evaluation._library.cache_clear()  # noqa: SLF001
    assert asked == [1, 1, 1, 1]


def test_a_cache_that_is_broken_is_not_believed(
    examples: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPA_IAM_CACHE", str(tmp_path))
    first = evaluation.findings(examples)
    for kept in (tmp_path / "lint").iterdir():
        kept.write_text("{")
    assert evaluation.findings(examples) == first


def test_many_documents_are_shared_among_processes(
    examples: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = evaluation.findings(examples)
    monkeypatch.setenv("OPA_IAM_CACHE", str(tmp_path))
    monkeypatch.setattr(evaluation, "_FOR_A_PROCESS", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    assert evaluation.findings(examples) == first


def test_without_a_reference_it_is_said_once(file: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "version", lambda: None)
    result = lint(file(SOUND), file(SOUND, "q.json"), "--policy-type", "identity")
    assert result.stderr == (
        "opa-iam: actions, resource types and condition keys are not looked up: pip install 'opa-iam[catalogue]'\n"
    )
    assert result.exit_code == 0
