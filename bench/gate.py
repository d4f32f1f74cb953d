"""How long the gate takes to judge a pull request with many IAM resources, in `opa-iam ci` and in Conftest."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import processes
from bench.result import Result
from opa_iam import bundle, library, tools

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROLES = 50  # with three more resources each
_TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
_RULES = {
    "settings": {"account": "111122223333"},
    "guardrails": [
        {
            "id": "payroll",
            "must_not": {
                "principal": "arn:aws:iam::*:role/worker-*",
                "actions": ["s3:GetObject", "kms:*"],
                "resources": ["arn:aws:s3:::payroll/*", "arn:aws:kms:*:*:key/payroll"],
            },
        },
        {
            "id": "logs",
            "must": {
                "principal": "arn:aws:iam::*:role/worker-*",
                "actions": ["logs:PutLogEvents"],
                "resources": ["arn:aws:logs:eu-west-1:111122223333:log-group:workers:log-stream:x"],
            },
        },
    ],
}


def measure(seconds: float) -> Iterator[Result]:
    """Measure a plan that changes 200 IAM resources."""
    del seconds  # it takes what it takes
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        plan, rules = folder / "plan.json", folder / "rules.json"
        plan.write_text(json.dumps(_plan()))
        rules.write_text(json.dumps({"iam": {"ci": _RULES}}))
        count = len(_plan()["resource_changes"])
        taken = processes.opa_iam("ci", str(plan), "--guardrails", str(rules), output=folder / "verdict")
        yield Result("plan", f"opa-iam ci, {count} IAM resources", "seconds", taken)
        yield Result("plan", f"conftest, {count} IAM resources", "seconds", _conftest(plan, rules))


def _conftest(plan: Path, rules: Path) -> float:
    data = bundle.compiled(library.root() / "bundle.yaml").folder
    tree = plan.parent / "tree"
    for name, content in library.rego().items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(content)
    command: list[str | Path] = [
        tools.obtain("conftest").path,
        "test",
        "--policy",
        tree,
        "--data",
        data,
        "--data",
        rules,
    ]
    begun = time.monotonic()
    subprocess.run(  # noqa: S603 - our own program
        [*command, "--namespace", "iam.ci.terraform", plan], capture_output=True, check=True
    )
    return time.monotonic() - begun


def _plan() -> dict[str, Any]:
    changes = [change for number in range(_ROLES) for change in _of_role(number)]
    return {"format_version": "1.2", "terraform_version": "1.13.3", "resource_changes": changes}


def _of_role(number: int) -> Iterator[dict[str, Any]]:
    name, account = f"worker-{number}", "111122223333"
    role = {
        "name": name,
        "path": "/",
        "arn": f"arn:aws:iam::{account}:role/{name}",
        "assume_role_policy": _text(_TRUST),
    }
    yield _change("aws_iam_role", number, role, role)
    policy = {"name": name, "role": name}
    before, after = (_text(*_statements(number, extra)) for extra in ([], ["s3:DeleteObject"]))
    yield _change("aws_iam_role_policy", number, {**policy, "policy": before}, {**policy, "policy": after})
    arn = f"arn:aws:iam::{account}:policy/{name}"
    managed = {
        "name": name,
        "path": "/",
        "arn": arn,
        "policy": _text(_allow(["sqs:SendMessage"], f"arn:aws:sqs:*:*:{name}")),
    }
    yield _change("aws_iam_policy", number, None, managed)
    yield _change("aws_iam_role_policy_attachment", number, None, {"role": name, "policy_arn": arn})


def _statements(number: int, extra: list[str]) -> Iterator[dict[str, Any]]:
    yield _allow(["s3:GetObject", "s3:PutObject", *extra], f"arn:aws:s3:::bucket-{number}/*")
    yield _allow(["logs:CreateLogStream", "logs:PutLogEvents"], "arn:aws:logs:*:*:log-group:workers:*")
    yield _allow(["dynamodb:GetItem", "dynamodb:Query"], f"arn:aws:dynamodb:*:*:table/table-{number}")
    yield {
        **_allow(["kms:Decrypt"], f"arn:aws:kms:*:*:key/key-{number}"),
        "Condition": {"Bool": {"aws:SecureTransport": "true"}},
    }


def _allow(actions: list[str], resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def _text(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _change(type_: str, number: int, before: object, after: object) -> dict[str, Any]:
    actions = ["no-op"] if before == after else ["update"] if before else ["create"]
    change = {"actions": actions, "before": before, "after": after, "after_unknown": {}}
    return {
        "address": f"{type_}.w[{number}]",
        "mode": "managed",
        "type": type_,
        "name": "w",
        "index": number,
        "change": change,
    }
