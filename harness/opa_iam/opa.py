"""Running the OPA program: one evaluation, or a bundle built."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from opa_iam import library, tools
from opa_iam.errors import EngineError

if TYPE_CHECKING:
    from opa_iam.tools import Obtained

TESTS = "*_test.rego"
"""The Rego files that no bundle and no evaluation needs."""


@cache
def program() -> Obtained:
    """Return the OPA program, obtained where it is missing.

    Raises:
        ToolError: it can't be had.
    """
    return tools.obtain("opa")


@cache
def is_at_hand() -> bool:
    """Tell whether there is an OPA program that has neither to be downloaded nor to be built."""
    return tools.at_hand("opa") is not None


def evaluate(query: str, value: object, data: bytes = b"{}") -> Any:  # noqa: ANN401
    """Return what a query gives with the shipped Rego, an input, and `data` as JSON.

    Raises:
        EngineError: OPA reports an error, or the query is undefined.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder, "data.json")
        file.write_bytes(data)
        loaded = ["--data", str(library.root() / "rego" / "iam"), "--data", str(file), "--ignore", TESTS]
        answer = run("eval", *loaded, "--format", "json", "--stdin-input", query, text=json.dumps(value))
    reply = json.loads(answer or "{}")
    if "result" not in reply:
        raise EngineError(f"OPA gives nothing for: {query}")
    return reply["result"][0]["expressions"][0]["value"]


def server(bundle: Path, address: str, *options: str) -> list[str]:
    """Return the command of an OPA server that has a bundle and listens at HOST:PORT."""
    command = [str(program().path), "run", "--server", f"--addr={address}", "--skip-version-check"]
    return [*command, *options, "--bundle", str(bundle)]


def run(*arguments: str, text: str | None = None, folder: Path | None = None) -> str:
    """Run OPA and return what it prints.

    Raises:
        EngineError: it exits with an error, which is what the message says.
    """
    done = subprocess.run(  # noqa: S603 - our own program, arguments from us
        [program().path, *arguments], input=text, capture_output=True, encoding="utf-8", cwd=folder, check=False
    )
    if done.returncode:
        raise EngineError(f"opa {arguments[0]} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout
