"""Running the OPA program: one evaluation, or a bundle built."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from opa_iam import json_bytes, library, tools
from opa_iam.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opa_iam.tools import Obtained

_FOR_EVALUATION = {"GOGC": "600", "GOMEMLIMIT": "200MiB"}
"""More garbage than Go would let gather, in percent, within a bound: a third less work, of which there are many small
portions."""

SERVED = ("--set=caching.inter_query_builtin_value_cache.max_num_entries=4096",)
"""How every server is started. OPA would keep each pattern that it ever compiled, those of requests among them; so many
hold all that a thousand mixed requests about 1,582 policies need."""

TESTS = "*_test.rego"
"""The Rego files that no bundle and no evaluation needs."""


@cache
def program() -> Obtained:
    """Return the OPA program, obtained where it is missing.

    Raises:
        ToolError: it can't be had.
    """
    return tools.obtain("opa")


def is_at_hand() -> bool:
    """Tell whether there is an OPA program that has neither to be downloaded nor to be built.

    Looked for anew until there is one, for it may be obtained, and the cache's folder may change, while we run.
    """
    return bool(program.cache_info().currsize) or tools.at_hand("opa") is not None


def evaluate(query: str, value: object, data: bytes = b"{}") -> Any:  # noqa: ANN401
    """Return what a query gives with the shipped Rego, an input, and `data` as JSON.

    Raises:
        EngineError: OPA reports an error, or the query is undefined.
    """
    return evaluate_json(query, json_bytes.dumps(value).decode(), data)


def evaluate_json(query: str, text: str, data: bytes = b"{}") -> Any:  # noqa: ANN401
    """Return what a query gives with the shipped Rego and an input that is JSON already; see `evaluate`."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "data.json")
        file.write_bytes(data)
        loaded = [option for path in (*library.reached(query), file) for option in ("--data", str(path))]
        arguments = ["eval", *loaded, "--format", "json", "--stdin-input", query]
        reply = json_bytes.loads(run(*arguments, text=text, environment=_FOR_EVALUATION) or "{}")
    if "result" not in reply:
        raise EngineError(f"OPA gives nothing for: {query}")
    return reply["result"][0]["expressions"][0]["value"]


def server(bundle: Path, address: str, *options: str) -> list[str]:
    """Return the command of an OPA server that has a bundle and listens at HOST:PORT."""
    command = [str(program().path), "run", "--server", f"--addr={address}", "--skip-version-check", *SERVED]
    # A signed bundle would want a key, and the user names the file: whose it is, `opa-iam verify` says.
    return [*command, *options, "--skip-verify", "--bundle", str(bundle)]


def run(
    *arguments: str,
    text: str | None = None,
    folder: Path | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Run OPA and return what it prints.

    Args:
        arguments: its arguments.
        text: what it gets on standard input.
        folder: where it runs.
        environment: variables that it gets unless they are set.

    Raises:
        EngineError: it exits with an error, which is what the message says.
    """
    done = subprocess.run(  # noqa: S603 - our own program, arguments from us
        [program().path, *arguments],
        input=text,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        check=False,
        env={**environment, **os.environ},
    )
    if done.returncode:
        raise EngineError(f"opa {arguments[0]} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout
