"""Policies in the form that a bundle has them, put into a running OPA, and what each way says of requests."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any, Self

import requests

from opa_iam import library, opa
from opa_iam.engines import LocalOpa

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

Data = dict[str, Any]

_PARTS = ("account", "bundle", "index", "organization", "policies", "reference", "settings")

_BUNDLE = {"bundle": {"name": "stored", "revision": "0123456789abcdef"}}

# Of each request what the entrypoints say, what is looked up (one or none), and what the long way says.
_COMPARISON = """package comparison

import data.iam.authz
import data.iam.evaluation
import data.iam.lookup

results := [result | some request in input.requests; result := _result with input as request]

_result := {
	"allow": authz.allow,
	"answers": [answer | answer := lookup.answer],
	"decision": object.remove(authz.decision, ["revision"]),
	"explained": object.remove(authz._explained, ["revision"]),
	"long": evaluation.allow,
	"told": [object.remove(told, ["revision"]) | told := lookup.decision],
}
"""


class Library:
    """An OPA server that has the library's Rego, and no data but what is put there."""

    def __init__(self, folder: Path) -> None:
        """Start it on a bundle that is written into a folder, and that leaves room for data beside the packages."""
        packages = folder / "iam"
        shutil.copytree(library.root() / "rego" / "iam", packages, ignore=shutil.ignore_patterns(opa.TESTS))
        (folder / "comparison.rego").write_text(_COMPARISON, "utf-8")
        roots = ["comparison", *(f"iam/{path.name}" for path in packages.iterdir())]
        (folder / ".manifest").write_text(json.dumps({"roots": roots}), "utf-8")
        self._engine = LocalOpa(folder)
        self._url = self._engine._server.client.url  # noqa: SLF001 - the engine only asks
        self._session = requests.Session()
        self._session.put(
            f"{self._url}/v1/data/iam/{_PARTS[0]}", json={}
        ).raise_for_status()  # so that there is data.iam

    def lower(self, documents: Sequence[tuple[object, str]]) -> list[Data]:
        """Return the stored form of documents, each given with its policy type, and their problems."""
        asked = [{"document": document, "policy_type": policy_type} for document, policy_type in documents]
        lowered: list[Data] = self._ask("iam/document/lowered_documents", {"documents": asked})
        return lowered

    def put(self, data: Data) -> None:
        """Put data in the place of what is there, in one write, of which each takes OPA long."""
        writes = [{"op": "add", "path": f"/{name}", "value": {**_BUNDLE, **data}.get(name, {})} for name in _PARTS]
        reply = self._session.patch(
            f"{self._url}/v1/data/iam",
            data=json.dumps(writes),
            headers={"Content-Type": "application/json-patch+json"},
        )
        reply.raise_for_status()

    def compare(self, asked: Iterable[object]) -> list[Data]:
        """Return what is said of requests."""
        results: list[Data] = self._ask("comparison/results", {"requests": list(asked)})
        return results

    def _ask(self, path: str, value: object) -> Any:  # noqa: ANN401
        reply = self._session.post(f"{self._url}/v1/data/{path}", json={"input": value})
        reply.raise_for_status()
        return reply.json()["result"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()
        self._engine.close()


def renamed(value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Return a decision with the policies of its request under the names that they are stored under.

    The compiler has told what is wrong with stored documents; of those in a request the decision does.
    """
    if isinstance(value, dict):
        members = {name: renamed(one, names) for name, one in value.items()}
        if "warnings" in members:
            members["warnings"] = [one for one in members["warnings"] if not one["path"].startswith("/policies")]
        if "policy" in members:
            members["policy"] = names.get(members["policy"], members["policy"])
        return members
    return [renamed(one, names) for one in value] if isinstance(value, list) else value
