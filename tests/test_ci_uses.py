"""What runs the gate elsewhere runs here as well: the GitHub Action's shell, GitLab's script, pre-commit's hooks."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from gate import ROOT
from opa_iam import documents
from opa_iam.ci import run

if TYPE_CHECKING:
    from pathlib import Path

ACTION = documents.read(str(ROOT / "action.yml")).value
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """A virtual environment's folder, as far as the action needs one: this Python, and opa-iam run by it."""
    folder = tmp_path / "temp" / "opa-iam-venv" / "bin"
    folder.mkdir(parents=True)
    for name, command in {"python": "", "opa-iam": "-m opa_iam"}.items():
        (folder / name).write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {command} "$@"\n')
        (folder / name).chmod(0o755)
    return folder.parent


def act(venv: Path, folder: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """Run the action's judging step as GitHub does, and return what it printed and its outputs."""
    output, summary = folder / "output", folder / "summary"
    given = {name: str(spec.get("default", "")) for name, spec in ACTION["inputs"].items()} | inputs
    step = STEPS["Judge"]
    environment = {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: given[found[1]], value)
        for name, value in step["env"].items()
    }
    environment |= {"OPA_IAM_VENV": str(venv), "RUNNER_TEMP": str(venv.parent)}
    environment |= {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
    script = folder / "step.sh"
    script.write_text(step["run"])
    done = subprocess.run(  # noqa: S603
        ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = output.read_text().splitlines() if output.is_file() else []
    return done, dict(line.split("=", 1) for line in lines)


def test_the_action_judges(venv: Path, tmp_path: Path) -> None:
    done, outputs = act(
        venv,
        tmp_path,
        files="examples/terraform/bad/plan.json\nexamples/cloudformation/good\n",
        guardrails="examples/opa-iam-ci.yaml",
        **{"sarif-file": str(tmp_path / "a b.sarif"), "comment-file": str(tmp_path / "comment.md")},
    )
    assert (done.returncode, outputs) == (1, {"verdict": "deny"})
    assert "::error file=examples/terraform/bad/plan.json," in done.stdout
    assert json.loads((tmp_path / "a b.sarif").read_text())["version"] == "2.1.0"
    assert (tmp_path / "comment.md").read_text() == (tmp_path / "summary").read_text()


def test_the_action_passes_what_passes(venv: Path, tmp_path: Path) -> None:
    done, outputs = act(venv, tmp_path, files="examples/terraform/good/plan.json")
    assert (done.returncode, outputs) == (0, {"verdict": "pass"})


def test_the_action_takes_options(venv: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    file.write_text(json.dumps({"Resources": {"S": {"Type": "AWS::CloudFormation::Stack"}}}))
    done, outputs = act(venv, tmp_path, files=str(file), undecided="warn", bundle=str(ROOT))
    assert (done.returncode, outputs) == (0, {"verdict": "pass"})
    file.write_text("{}")
    done, outputs = act(venv, tmp_path, files=str(file), **{"allow-nothing": "true"})
    assert (done.returncode, outputs) == (0, {"verdict": "pass"})


def test_the_action_says_what_is_broken(venv: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    file.write_text("{")
    done, outputs = act(venv, tmp_path, files=str(file))
    assert (done.returncode, outputs) == (2, {"verdict": "error"})
    done, outputs = act(venv, tmp_path, files="")
    assert done.returncode == 2


def test_no_input_is_a_command(venv: Path, tmp_path: Path) -> None:
    hostile = '$(touch "$RUNNER_TEMP/owned")`touch owned`; touch owned "\' --bundle=x'
    for name in ACTION["inputs"]:
        act(venv, tmp_path, **{"files": "examples/terraform/good/plan.json", name: hostile})
    assert not list(tmp_path.rglob("owned"))
    assert not (ROOT / "owned").exists()


def test_nothing_untrusted_is_written_into_a_shell() -> None:
    assert [name for name, step in STEPS.items() if "${{" in step["run"]] == []
    used = {
        found for step in STEPS.values() for found in re.findall(r"inputs\.([a-z-]+)", json.dumps(step.get("env", {})))
    }
    assert used == set(ACTION["inputs"])


def test_every_step_of_others_is_pinned() -> None:
    others = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert [use for use in others if not re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", use)] == []


def test_exit_codes_are_those_that_the_documentation_tells() -> None:
    text = (ROOT / "docs" / "ci.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| ([0-9]) \|", text, re.MULTILINE))
    assert {verdict: int(code) for verdict, code in rows.items()} == run.EXIT_CODES


def _documented(name: str) -> Any:  # noqa: ANN401
    return documents.read(str(ROOT / name)).value


def test_gitlabs_job_judges(venv: Path, tmp_path: Path) -> None:
    job = _documented("docs/gitlab-ci.yml")["iam"]
    install, judge = job["script"]
    assert install.startswith("pip install ")
    environment = {**os.environ, "PATH": f"{venv / 'bin'}:{os.environ['PATH']}"}
    environment |= {"OPA_IAM_FILES": str(ROOT / "examples" / "terraform" / "bad" / "plan.json")}
    done = subprocess.run(  # noqa: S603
        ["/bin/bash", "-c", judge], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert (tmp_path / job["artifacts"]["reports"]["junit"]).read_text().startswith("<?xml")


HOOKS = {hook["id"]: hook for hook in _documented(".pre-commit-hooks.yaml")}


@pytest.mark.parametrize(
    ("hook", "file", "is_meant"),
    [
        ("opa-iam-lint", "policies/AWSIncidentManagerResolverAccess.yaml", True),
        ("opa-iam-lint", "infra/policy.json", True),
        ("opa-iam-lint", "bundle.yaml", False),
        ("opa-iam-ci", "examples/cloudformation/good/template.yaml", True),
        ("opa-iam-ci", "shop.template.json", True),
        ("opa-iam-ci", "package.json", False),
    ],
)
def test_hooks_mean_files(hook: str, file: str, is_meant: bool) -> None:  # noqa: FBT001
    assert bool(re.search(HOOKS[hook]["files"], file)) == is_meant


@pytest.mark.parametrize(
    ("hook", "file"),
    [
        ("opa-iam-lint", "policies/AWSIncidentManagerResolverAccess.yaml"),
        ("opa-iam-ci", "examples/cloudformation/good/template.yaml"),
    ],
)
def test_hooks_run(hook: str, file: str) -> None:
    _, *arguments = HOOKS[hook]["entry"].split()
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "opa_iam", *arguments, file], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
