"""Others on W2's policies and requests, in the same run: Rego as one writes it at first; Cedar where installed."""

from __future__ import annotations

import importlib
import importlib.util
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bench import accounts, served, timing
from bench.client import Connection
from bench.draw import listed
from bench.server import Server
from bench.workloads import w2
from opa_iam import json_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bench.draw import Document
    from bench.result import Result

_NAIVE = Path(__file__).with_name("naive.rego")


def measure(seconds: float) -> Iterator[Result]:
    """Yield the figures of each peer beside the floor of the same server."""
    workload = w2()
    export = json.loads((workload.project / "account.json").read_text("utf-8"))
    attached = dict(_attached(export))
    requests = workload.requests
    with TemporaryDirectory() as folder:
        Path(folder, ".manifest").write_text('{"roots": ["raw"]}', "utf-8")
        raw = {"attached": attached, "documents": accounts.managed_policies()}
        Path(folder, "data.json").write_bytes(json_bytes.dumps({"raw": raw}))
        with Server(Path(folder)) as server, Connection(server.tcp) as connection:
            server.add("naive", _NAIVE.read_bytes())
            rows: dict[str, timing.Row] = {"floor": (connection.exchange, served.FLOOR)}
            sent = served.posts("/v1/data/bench/naive/allow", requests)
            rows["allow, Rego over raw documents, tcp"] = (connection.exchange, sent)
            if importlib.util.find_spec("cedarpy"):
                rows["allow, Cedar, in process"] = (_cedar(attached), requests)
            times = timing.in_turn(rows, seconds)
    yield from served.beside_floor("W2", times)


def _attached(export: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield each caller of an account's export with the ARNs of its policies."""
    for entity in (*export["UserDetailList"], *export["RoleDetailList"]):
        arn = entity["Arn"]
        if ":role/" in arn:
            arn = f"{arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/session"
        yield arn, [attached["PolicyArn"] for attached in entity["AttachedManagedPolicies"]]


def _cedar(attached: Mapping[str, list[str]]) -> Callable[[Any], object]:
    """Return a call that asks Cedar about the caller's statements: their actions and resources, and nothing else."""
    cedarpy = importlib.import_module("cedarpy")
    policies = accounts.managed_policies()
    texts = {
        caller: "\n".join(_translated(statement) for arn in arns for statement in listed(policies[arn]["Statement"]))
        for caller, arns in attached.items()
    }

    def ask(request: Any) -> object:  # noqa: ANN401
        context = {"action": request["action"].lower(), "resource": request.get("resource", "*")}
        asked = {"principal": 'U::"u"', "action": 'A::"a"', "resource": 'R::"r"', "context": context}
        return cedarpy.is_authorized(asked, texts[request["principal"]], [])

    return ask


def _translated(statement: Document) -> str:
    head = "permit" if statement["Effect"] == "Allow" else "forbid"
    actions = [f"context.action like {json.dumps(one.lower())}" for one in listed(statement.get("Action", "*"))]
    resources = [f"context.resource like {json.dumps(one)}" for one in listed(statement.get("Resource", "*"))]
    return f"{head}(principal, action, resource) when {{ ({' || '.join(actions)}) && ({' || '.join(resources)}) }};"
