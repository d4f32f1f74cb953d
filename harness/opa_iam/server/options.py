"""The options of `opa-iam serve` that are the bundle server's, and the way from them to it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opa_iam.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., None]

ADDRESS = "127.0.0.1:8182"
_PATH = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, dir_okay=False)
_OPTIONS = (
    click.option(
        "--bundles",
        "bundle_paths",
        multiple=True,
        is_flag=False,
        flag_value=".",
        metavar="[DIR|FILE]",
        type=_PATH,
        help="Serve bundles to OPAs instead: the archives of a folder, one archive, or a project, built anew when its"
        " sources change; the project here when nothing is named.",
    ),
    click.option(
        "--tokens",
        type=_PATH,
        metavar="DIR",
        help="Of the bundle server: the folder of tokens, in the files bundles, reports and fleet. Made where missing.",
    ),
    click.option("--no-auth", is_flag=True, help="Of the bundle server: ask for no tokens; on the loopback alone."),
    click.option("--tls-cert", type=_FILE, help="Of the bundle server: its certificate."),
    click.option("--tls-key", type=_FILE, help="Of the bundle server: the key of its certificate."),
    click.option("--client-ca", type=_FILE, help="Of the bundle server: who must have signed clients' certificates."),
    click.option(
        "--database",
        type=_FILE,
        default=Path("build", "fleet.sqlite"),
        show_default=True,
        help="Of the bundle server: where it keeps what OPAs report.",
    ),
    click.option(
        "--keep-days",
        type=click.FloatRange(min=0, min_open=True),
        default=7.0,
        show_default=True,
        help="Of the bundle server: how long decisions are kept.",
    ),
    click.option(
        "--keep-decisions",
        type=click.IntRange(min=1),
        default=100_000,
        show_default=True,
        help="Of the bundle server: how many decisions are kept at most.",
    ),
    click.option(
        "--silent-after",
        type=click.FloatRange(min=0, min_open=True),
        default=300.0,
        show_default=True,
        metavar="SECONDS",
        help="Of the bundle server: when an OPA that doesn't report counts as silent.",
    ),
    click.option(
        "--delta",
        is_flag=True,
        help="Of the bundle server: send deltas, during which OPA 1.22 answers wrongly: see docs/bundle-server.md.",
    ),
)


def server_options(command: Command) -> Command:
    """Give a command the bundle server's options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def serve(addr: str, options: dict[str, Any]) -> None:
    """Run the bundle server.

    Args:
        addr: HOST:PORT.
        options: what the command line gives for the options above.

    Raises:
        InputError: something can't be used, or what the server needs is not installed.
        DocumentError: findings in a project's sources.
        EngineError: a project can't be built.
    """
    if missing := [name for name in ("jinja2", "starlette", "uvicorn") if find_spec(name) is None]:
        raise InputError(f"the bundle server needs {', '.join(missing)}: pip install 'opa-iam[serve]'")
    if bool(options["tokens"]) == options["no_auth"]:
        raise InputError("who may ask? name a folder of tokens with --tokens, or say --no-auth on the loopback")
    host, _, port = addr.rpartition(":")
    if not host or not port.isdecimal():
        raise InputError(f"--addr {addr}: spell it HOST:PORT")
    from opa_iam.server.running import Settings, run  # noqa: PLC0415 - needs the extra

    run(
        Settings(
            paths=options["bundle_paths"],
            host=host.strip("[]"),
            port=int(port),
            database=options["database"],
            tokens=options["tokens"],
            certificate=options["tls_cert"],
            key=options["tls_key"],
            client_ca=options["client_ca"],
            deltas=options["delta"],
            keep_days=options["keep_days"],
            keep_decisions=options["keep_decisions"],
            silent_after=options["silent_after"],
        )
    )
