"""The documents are true: what they show is what happens, and nothing is left out."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from opa_iam import bundle, cases, cli, compiler, library, project
from opa_iam.errors import DocumentError
from opa_iam.lint import codes

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = library.root()
_FILES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in _FILES}
README = TEXTS["README.md"]


def blocks(language: str, text: str = README) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("block", blocks("console"))
def test_a_console_block_prints_what_it_shows(block: str) -> None:
    command, _, shown = block.partition("\n")
    arguments = shlex.split(command.removeprefix("$ opa-iam "))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "opa_iam", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == shown


def test_readme_shows_every_command() -> None:
    assert [name for name in cli.main.commands if f"opa-iam {name}" not in README] == []


@pytest.mark.parametrize("name", sorted(cli.main.commands))
def test_every_command_and_option_has_help(name: str) -> None:
    command = cli.main.commands[name]
    silent = [option.name for option in command.params if option.param_type_name == "option" and not option.help]
    assert command.help
    assert silent == []


def test_the_case_file_that_readme_shows_is_one(tmp_path: Path) -> None:
    (shown,) = [block for block in blocks("yaml") if "expect:" in block]
    file = tmp_path / "shown.iam.yaml"
    file.write_text(shown)
    assert [case.name for case in cases.read(str(file))] == ["an engineer on call starts an incident"]


def test_the_case_that_semantics_shows_passes(tmp_path: Path) -> None:
    (shown,) = blocks("yaml", TEXTS["docs/semantics.md"])
    file = tmp_path / "shown.iam.yaml"
    file.write_text(shown)
    command = [sys.executable, "-m", "opa_iam", "test", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stdout) == (0, "1 of 1 cases passed\n")


def test_the_bundle_that_readme_shows_builds(tmp_path: Path) -> None:
    (shown,) = [block for block in blocks("yaml") if "accounts:" in block]
    (tmp_path / "policies").mkdir()
    statement = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
    policy = {
        "arn": "arn:aws:iam::111122223333:policy/Mine",
        "document": {"Version": "2012-10-17", "Statement": [statement]},
    }
    (tmp_path / "policies" / "mine.yaml").write_text(yaml.safe_dump(policy))
    (tmp_path / "bundle.yaml").write_text(shown)
    assert bundle.build(project.read(tmp_path / "bundle.yaml"), tmp_path / "b.tar.gz")


def test_the_refusal_that_readme_shows_is_real(
    make_project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    roles = "[{name: Build,\n    managed_policies: [AWSIncidentManagerServiceRolePolicy]}]"
    file = make_project(
        f'name: p\npolicies: ["opa-iam:policies/*.yaml"]\naccounts:\n  "111122223333": {{roles: {roles}}}\n'
    )
    monkeypatch.chdir(file.parent)
    with pytest.raises(DocumentError) as raised:
        compiler.compile_project(project.read(Path(file.name)))
    assert str(raised.value) in " ".join(README.split())


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_links_lead_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    links = re.findall(r"\]\(([^)#:]+)\)", TEXTS[name])
    assert [link for link in links if not (folder / link).exists()] == []


def test_every_make_target_that_a_text_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", Path(ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        target for text in TEXTS.values() for target in re.findall(r"(?:`|^    )make ([a-z-]+)", text, re.MULTILINE)
    }
    assert named - targets == set()
    assert named >= {"demo", "test"}


def test_environment_variables_are_documented() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "harness").rglob("*.py")]
    read = {name for source in sources for name in re.findall(r"OPA_IAM_[A-Z_]*[A-Z]", source)}
    assert [name for name in sorted(read - set(codes.every())) if name not in README] == []
