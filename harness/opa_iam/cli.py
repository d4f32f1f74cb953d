"""The command line: each command is one call into the library, and a way to print what it gives.

Exit codes: 0 fine; 1 the answer is no (a failing case, an ERROR that lint finds, a denied `--check`); 2 the user's
mistake; 3 an engine or an outside program failed.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from opa_iam import (
    __version__,
    bundle,
    bundle_commands,
    cases,
    decisions,
    documents,
    engines,
    files,
    json_bytes,
    opa,
    project,
    report,
    tools,
)
from opa_iam.ci import command as ci_command
from opa_iam.decisions import Request
from opa_iam.errors import InputError, OpaIamError
from opa_iam.lint import codes, formats, inputs, run
from opa_iam.server import options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from opa_iam.decisions import Decision
    from opa_iam.project import Project

_DEFAULT_DATA = Path("build", "data")
_OPA_ADDRESS = "127.0.0.1:8181"
_FOR_GARBAGE = 50_000
"""So many new objects make Python look for garbage: policies are millions, hardly any of them in cycles."""


class _Group(click.Group):
    """A group whose commands report our own exceptions as one message and their exit code."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401
        try:
            return super().invoke(ctx)
        except OpaIamError as error:
            click.echo(f"opa-iam: {error}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="opa-iam")
def main() -> None:
    """AWS IAM's decision, made by Open Policy Agent, offline."""
    # So that an OPA which was started is stopped as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    gc.set_threshold(_FOR_GARBAGE)


_project_argument = click.argument("bundle_yaml", required=False, type=click.Path(path_type=Path))

_bundle_option = click.option(
    "--bundle",
    "bundle_reference",
    metavar="FILE|DIR|URL",
    help="A bundle, or a project to build it from.  [default: bundle.yaml here, else the one that ships with opa-iam]",
)

_engine_option = click.option(
    "--engine",
    envvar="OPA_IAM_ENGINE",
    show_envvar=True,
    metavar="opa|wasm|docker|URL",
    help="An OPA started for this command, the policies as WebAssembly in this process, an OPA in a container, or the"
    " URL of an OPA that runs.  [default: opa where there is one, else wasm]",
)


def _format_option(*formats: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    choice = click.Choice(formats)
    return click.option("--format", "form", type=choice, default=formats[0], show_default=True, help="How to print.")


def _output_option(default: Path) -> Callable[[Callable[..., None]], Callable[..., None]]:
    path = click.Path(path_type=Path)
    return click.option("-o", "--output", type=path, default=default, show_default=True, help="Where to write.")


_allow_option = click.option(
    "--allow-findings",
    "allowed",
    multiple=True,
    metavar="CODES",
    help="Codes of findings that don't count, with commas between them; OPA_IAM_ for all of opa-iam's own.",
)


def _project(bundle_yaml: Path | None, allowed: Iterable[str]) -> Project:
    """Read a project, with more findings allowed than it says itself."""
    source = project.read(bundle_yaml or project.find())
    return replace(source, lint=source.lint.allowing(codes.expand(allowed)))


@main.command("compile")
@_project_argument
@_allow_option
@_output_option(_DEFAULT_DATA)
def compile_command(bundle_yaml: Path | None, allowed: tuple[str, ...], output: Path) -> None:
    """Compile BUNDLE_YAML's sources into Rego data.

    Nothing is written when any source has a finding of the severity ERROR.
    """
    found = bundle.compiled(bundle_yaml or project.find(), codes.expand(allowed))
    with files.replacing(output) as new:
        shutil.copytree(found.folder, new, dirs_exist_ok=True)
    _warn(found.warnings)
    click.echo(f"{output}: {found.policies} policies, {found.principals} principals", err=True)


@main.command()
@_project_argument
@click.option(
    "--target",
    "targets",
    type=click.Choice(("rego", "wasm")),
    multiple=True,
    help="What the bundle carries besides bundle.yaml's targets: wasm is the Rego as WebAssembly.",
)
@click.option("--split", is_flag=True, help="Two bundles, of the Rego and of the data, as `split` in bundle.yaml.")
@click.option("--sign", "key", metavar="FILE|env:NAME", help="The private key to sign with.")
@click.option("--key-id", help="Under which name servers have the public key.  [default: the name of the key's file]")
@click.option("--algorithm", type=click.Choice(bundle_commands.ALGORITHMS), help="How to sign.  [default: by the key]")
@click.option("--scope", help="What the bundle is for; a server takes its own scope alone.")
@_allow_option
@_output_option(bundle_commands.DEFAULT)
def build(
    bundle_yaml: Path | None,
    targets: tuple[str, ...],
    allowed: tuple[str, ...],
    output: Path,
    *,
    split: bool,
    **signing: str | None,
) -> None:
    """Compile BUNDLE_YAML's sources into an OPA bundle.

    The Rego library goes into it as well. Equal sources give the same bytes. What it was made of is told beside it, in
    a statement of provenance.
    """
    source = _project(bundle_yaml, allowed)
    built = bundle_commands.build(source, output, targets, split=split or source.split, **signing)
    _warn(source.warnings)
    for file, revision in built.items():
        click.echo(f"{file}: revision {revision}", err=True)


main.add_command(bundle_commands.keys)
main.add_command(bundle_commands.publish)
main.add_command(bundle_commands.verify)


@main.command()
@_bundle_option
@click.option(
    "--addr", metavar="HOST:PORT", help=f"Where to listen.  [default: {_OPA_ADDRESS}; {options.ADDRESS} with --bundles]"
)
@click.option(
    "--engine", type=click.Choice(("opa", "docker")), default="opa", show_default=True, help="docker: in a container."
)
@options.server_options
def serve(bundle_reference: str | None, addr: str | None, engine: str, **server_options: Any) -> None:  # noqa: ANN401
    """Run an OPA server on the bundle, in the foreground; with --bundles, a server that gives bundles to OPAs.

    Ask OPA at /v1/data/iam/authz/decision and /v1/data/iam/authz/allow. The bundle server has bundles at
    /bundles/NAME, takes OPAs' status and decision logs, and shows the fleet at /fleet.
    """
    if server_options["bundle_paths"]:
        options.serve(addr or options.ADDRESS, server_options)
        return
    located = bundle.locate(bundle_reference)
    addr = addr or _OPA_ADDRESS
    if engine == "docker":
        from opa_iam.engines import docker  # noqa: PLC0415 - the SDK is an extra

        click.echo(f"serving {located} in a container at http://{addr}/v1/data/iam/authz/decision", err=True)
        docker.serve(located, addr)
    command = opa.server(located, addr)
    click.echo(f"serving {located} at http://{addr}/v1/data/iam/authz/decision", err=True)
    os.execv(command[0], command)  # noqa: S606 - OPA takes this process over, signals and all


@main.command()
@click.argument("file", required=False)
@click.option("--principal", help="The ARN of a user, role or session; a service principal; * for anonymous.")
@click.option("--action", help="The action, spelt service:Name.")
@click.option("--resource", help="The resource's ARN.  [default: *]")
@click.option("--resource-account", help="The account that owns the resource, for ARNs that name none.")
@click.option("--context", multiple=True, metavar="KEY=VALUE", help="A condition key; given twice, a list of values.")
@click.option("--policy", multiple=True, metavar="FILE|NAME|ARN", help="An identity policy instead of those compiled.")
@click.option("--as-of", metavar="YYYY-MM-DD", help="With the managed policies as they stood on that day.")
@click.option("--explain", is_flag=True, help="Say why.")
@click.option("--check", is_flag=True, help="Exit with 1 where a request is denied.")
@_bundle_option
@_engine_option
@_format_option("table", "json")
def decide(  # noqa: PLR0913 - one parameter an option
    file: str | None,
    bundle_reference: str | None,
    engine: str | None,
    form: str,
    *,
    explain: bool,
    check: bool,
    **options: Any,  # noqa: ANN401
) -> None:
    """Decide one request made of options, or those in FILE.

    FILE holds one request, a list of them, or one a line; JSON, JSON Lines or YAML, - for standard input.
    """
    requests = _requests(file, options)
    with engines.open_engine(engine, bundle_reference) as opened:
        tally = _Tally()
        decided = tally.counting(decisions.decide_all(opened, requests))
        if form == "json":
            _print_lines(decided)
        else:
            _print_decisions(list(decided), explain=explain)
    if tally.errors:
        raise click.exceptions.Exit(InputError.exit_code)
    if check and tally.denied:
        raise click.exceptions.Exit(1)


@main.command()
@click.argument("case_files", nargs=-1, required=True, metavar="FILE...")
@click.option("--explain", is_flag=True, help="Say why each decision is what it is.")
@_bundle_option
@_engine_option
@_format_option("table", "json", "junit")
def test(
    case_files: tuple[str, ...], bundle_reference: str | None, engine: str | None, form: str, *, explain: bool
) -> None:
    """Decide the cases in each FILE and compare with what they expect.

    A folder stands for the *.iam.yaml files below it.
    """
    every = [case for file in _case_files(case_files) for case in cases.read(file)]
    with engines.open_engine(engine, bundle_reference) as opened:
        results = [cases.run(opened, case) for case in every]
    if form == "json":
        click.echo(report.to_json(report.results_json(results)))
    elif form == "junit":
        click.echo(report.results_junit(results))
    else:
        shown = results if explain else [result for result in results if not result.passed]
        if shown:
            _console().print(report.results_table(shown, explain=explain))
        click.echo(f"{sum(result.passed for result in results)} of {len(results)} cases passed")
    if not all(result.passed for result in results):
        raise click.exceptions.Exit(1)


@main.command()
@click.argument("names", nargs=-1, metavar="[FILE]...")
@click.option(
    "--policy-type",
    type=click.Choice(tuple(inputs.TYPES)),
    metavar="TYPE",
    help=f"What the policies are: {', '.join(inputs.TYPES)}.  [default: what their files say, or what they look like]",
)
@click.option("--resource-type", metavar="AWS::S3::Bucket", help="To what kind of resource they are attached.")
@click.option(
    "--select", "selected", multiple=True, metavar="CODES", help="Look for these as well, which are off by default."
)
@click.option(
    "--ignore", "--allow-findings", "ignored", multiple=True, metavar="CODES", help="Leave these findings out."
)
@click.option(
    "--bundle",
    metavar="DIR|FILE",
    help="The project that is linted, or whose `lint` holds for each FILE.  [default: bundle.yaml here]",
)
@_format_option("table", *formats.FORMATS)
def lint(form: str, selected: tuple[str, ...], ignored: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401
    """Find what is wrong in policy documents, and what deserves another look.

    Each FILE is a policy, a file with policies in it, a case file, a folder or a glob; without one, it is the project
    of bundle.yaml. CODES have commas between them; OPA_IAM_ stands for all that AWS doesn't have.
    """
    found = run.lint(**options, selected=codes.expand(selected), ignored=codes.expand(ignored))
    for note in found.notes:
        click.echo(f"opa-iam: {note}", err=True)
    if form != "table":
        click.echo(formats.FORMATS[form](found), nl=bool(found.findings) or form != "github")
    else:
        if found.findings:
            _console().print(report.findings_table(found.findings))
        documents_word = "document" if found.count == 1 else "documents"
        click.echo(f"{found.count} {documents_word}: {formats.counts(found.findings)}")
    if found.has_errors:
        raise click.exceptions.Exit(1)


main.add_command(ci_command.ci)


@main.command("tools")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--path", "only_path", is_flag=True, help="Print the path alone.")
@_format_option("table", "json")
def tools_command(names: tuple[str, ...], form: str, *, only_path: bool) -> None:
    """Obtain OPA and Conftest, and say where they are."""
    for name in names or tools.names():
        obtained = tools.obtain(name)
        if only_path:
            click.echo(obtained.path)
        elif form == "json":
            row = {"name": name, "version": obtained.version, "path": str(obtained.path), "origin": obtained.origin}
            click.echo(report.to_json(row))
        else:
            click.echo(f"{name} {obtained.version} ({obtained.origin}): {obtained.path}")


def _warn(warnings: Iterable[object]) -> None:
    """Say what the sources have and the bundle has not."""
    for warning in warnings:
        click.echo(f"opa-iam: warning: {warning}", err=True)


def _requests(file: str | None, options: dict[str, Any]) -> Iterable[Request]:
    given = {name: value for name, value in options.items() if value}
    if file is not None:
        if given:
            raise InputError(f"a FILE has whole requests: leave out --{', --'.join(given).replace('_', '-')}")
        found = decisions.read(file)
        return chain([next(found)], found)  # so that a file that can't be read fails before an engine starts
    for name in ("principal", "action"):
        if name not in given:
            raise InputError(f"--{name} is missing; a request needs --principal and --action, or a FILE")
    if "context" in given:
        given["context"] = _context(given["context"])
    if "policy" in given:
        given["policies"] = {"identity": [_policy(reference) for reference in given.pop("policy")]}
    return (Request(given),)


def _context(pairs: Iterable[str]) -> dict[str, str | list[str]]:
    values: dict[str, list[str]] = {}
    for pair in pairs:
        key, found, value = pair.partition("=")
        if not found or not key:
            raise InputError(f"--context {pair}: spell it KEY=VALUE")
        values.setdefault(key, []).append(value)
    return {key: value[0] if len(value) == 1 else value for key, value in values.items()}


def _policy(reference: str) -> Any:  # noqa: ANN401
    """Return the document in a file of this name, else the name itself, which is a compiled policy's."""
    if reference.startswith("arn:") or not Path(reference).is_file():
        return reference
    return documents.read(reference).value


def _print_lines(decided: Iterable[tuple[Request, Decision]]) -> None:
    stream = sys.stdout.buffer
    for _, decision in decided:
        stream.write(json_bytes.dumps(decision) + b"\n")
    stream.flush()


def _print_decisions(decided: list[tuple[Request, Decision]], *, explain: bool) -> None:
    requests, results = [request for request, _ in decided], [decision for _, decision in decided]
    if len(results) == 1 or explain:
        for decision in results:
            click.echo("\n".join(report.explanation(decision)) if explain else decision["decision"])
    else:
        _console().print(report.decisions_table(requests, results))


@dataclass
class _Tally:
    """What the decisions that went by say of them all."""

    errors: int = 0
    denied: int = 0

    def counting(self, decided: Iterable[tuple[Request, Decision]]) -> Iterator[tuple[Request, Decision]]:
        """Hand decisions on, and say on standard error which requests could not be decided."""
        for request, decision in decided:
            yield request, decision
            self.denied += not decision["allow"]
            for error in decision["errors"]:
                self.errors += 1
                place = request.place(error["path"])
                click.echo(f"opa-iam: {place}: {error['code']}: {error['message']}", err=True)


def _case_files(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        if Path(name).is_dir():
            below = sorted(map(str, Path(name).rglob("*.iam.yaml")))
            if not below:
                raise InputError(f"{name}: there is no *.iam.yaml below it")
            yield from below
        else:
            yield name


def _console() -> Console:
    return Console(soft_wrap=False)
