"""What several tests of the gate share: files, Conftest, and findings that can be compared."""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opa_iam import bundle, compiler, library, tools

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = library.root()
GUARDRAILS = ROOT / "examples" / "opa-iam-ci.yaml"
EXAMPLES = sorted([*ROOT.glob("examples/terraform/*/plan.json"), *ROOT.glob("examples/cloudformation/*/template.yaml")])

Finding = dict[str, Any]


def policy(*actions: str) -> str:
    """Return a document that allows actions on one bucket's objects, as Terraform has it."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "arn:aws:s3:::b/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def resource(type_: str, name: str, before: object, after: object, unknown: object = None) -> dict[str, Any]:
    """Return a change of a plan's."""
    actions = ["no-op"] if before == after else ["update"] if before else ["create"]
    change = {"actions": actions, "before": before, "after": after, "after_unknown": unknown or {}}
    return {"address": f"{type_}.{name}", "mode": "managed", "type": type_, "name": name, "change": change}


def plan(*changes: dict[str, Any]) -> dict[str, Any]:
    """Return a plan."""
    return {"format_version": "1.2", "terraform_version": "1.13.3", "resource_changes": list(changes)}


@cache
def compiled() -> Path:
    """Return the folder of the data that ship with opa-iam, compiled."""
    return bundle.compiled(ROOT / "bundle.yaml").folder


def data() -> bytes:
    """Return the same data as JSON."""
    return json.dumps({"iam": compiler.read(compiled())}).encode()


@cache
def pulled() -> Path:
    """Return a folder with the Rego and the data, as who pulls them has it; it goes when the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="opa-iam-pulled-"))
    atexit.register(shutil.rmtree, folder)
    for name, content in library.rego().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    shutil.copytree(compiled(), folder, dirs_exist_ok=True)
    return folder


def conftest(*files: str, namespace: str = "iam.ci", data: Iterable[Path] = (), options: Iterable[str] = ()) -> Any:  # noqa: ANN401
    """Return what Conftest's JSON says of files."""
    own = [f"--namespace={namespace}", *(f"--data={folder}" for folder in data)]
    found = run_conftest(*files, *options, "--output=json", *own)
    assert found.stdout, found.stderr
    return json.loads(found.stdout)


def run_conftest(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Conftest's test command with the Rego and the data that ship with opa-iam."""
    return subprocess.run(  # noqa: S603
        [tools.obtain("conftest").path, "test", f"--policy={pulled()}", f"--data={pulled()}", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def told(reply: Iterable[dict[str, Any]]) -> list[Finding]:
    """Return Conftest's failures and warnings as `opa-iam ci` gives findings, in an order of their own."""
    every = [one["metadata"] for result in reply for name in ("failures", "warnings") for one in result.get(name, ())]
    return ordered({name: value for name, value in one.items() if name not in ("check", "query")} for one in every)


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings without the places that only the command knows, in an order of their own."""
    own = [{name: value for name, value in one.items() if name not in ("line", "column")} for one in findings]
    return sorted(own, key=lambda one: json.dumps(one, sort_keys=True))
