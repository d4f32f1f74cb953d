"""The engines: what answers a query to the policies in a bundle. All of them give the same decision.

opa            an OPA server of this process's own, started on the bundle and stopped at the end
docker         the same in a container, through the Docker SDK
wasm           the same Rego as WebAssembly, in this process
http(s)://…    an OPA that runs already, with whatever bundle it has
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from opa_iam import bundle, opa, webassembly
from opa_iam.engines.http import HttpEngine
from opa_iam.engines.local import LocalOpa
from opa_iam.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Engine", "HttpEngine", "LocalOpa", "open_engine"]


class Engine(Protocol):
    """Something that decides.

    Attributes:
        at_once: how many batches of requests to ask for at the same time; 0 where one request at a time is as fast.
    """

    at_once: int

    def query(self, path: str, value: object) -> Any:  # noqa: ANN401
        """Return the value of a rule for an input.

        Args:
            path: the rule below `data`, with slashes: `iam/authz/decision`.
            value: the input.

        Raises:
            EngineError: there is no answer, or the rule is undefined.
        """


def default() -> str:
    """Return the engine that is taken where none is named: `wasm` where OPA would have to be downloaded or built."""
    return "wasm" if webassembly.shipped() and not opa.is_at_hand() else "opa"


@contextmanager
def open_engine(name: str | None = None, bundle_reference: str | None = None) -> Iterator[Engine]:
    """Give an engine; what was started for it is stopped at the end.

    Args:
        name: `opa`, `wasm`, `docker`, or the URL of an OPA that runs; None for `default()`.
        bundle_reference: what `bundle.locate` takes. A running OPA has its own bundle and takes none.

    Raises:
        InputError: there is no such engine, or a bundle is given to a running OPA.
        DocumentError: findings in the sources that the bundle is built from.
        EngineError: the engine can't be started or reached.
    """
    name = name or default()
    if name.startswith(("http://", "https://")):
        if bundle_reference is not None:
            raise InputError("an OPA that runs already has its own bundle: leave --bundle out")
        with HttpEngine.at(name) as remote:
            yield remote
    elif name == "opa":
        with LocalOpa(bundle.locate(bundle_reference)) as local:
            yield local
    elif name == "wasm":
        from opa_iam.engines.wasm import WasmEngine  # noqa: PLC0415 - wasmtime takes as long to import as all the rest

        found = bundle.contents(bundle_reference)
        module = webassembly.of_bundle(found.rego, found.module)
        with WasmEngine(module, json.dumps(found.data).encode()) as in_process:
            yield in_process
    elif name == "docker":
        from opa_iam.engines.docker import DockerOpa  # noqa: PLC0415 - the SDK is an extra

        with DockerOpa(bundle.locate(bundle_reference)) as container:
            yield container
    else:
        raise InputError(f"there is no engine '{name}': it is opa, wasm, docker, or the URL of an OPA that runs")
