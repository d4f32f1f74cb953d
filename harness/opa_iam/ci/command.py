"""The command `opa-iam ci`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from opa_iam import json_bytes, report
from opa_iam.ci import formats, inputs, run
from opa_iam.errors import InputError


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--guardrails",
    multiple=True,
    metavar="FILE",
    help="Guardrails, exceptions and settings; several files add up.  [default: opa-iam-ci.yaml here]",
)
@click.option(
    "--undecided",
    type=click.Choice(("deny", "warn")),
    help="What is made of what can't be decided.  [default: the settings', else deny]",
)
@click.option("--allow-nothing", is_flag=True, help="Let files pass in which there is nothing to judge.")
@click.option(
    "--bundle",
    metavar="FILE|DIR|URL",
    help="The bundle or project whose policies and accounts count beside the files."
    "  [default: bundle.yaml here, else the one that ships with opa-iam]",
)
@click.option("--print-input", is_flag=True, help="Print as JSON what the rules would see, for Conftest, and no more.")
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write the verdict into a file as well, in one of the formats; may be given several times.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", *formats.FORMATS)),
    default="table",
    show_default=True,
    help="How to print.",
)
def ci(form: str, outputs: tuple[str, ...], *, print_input: bool, **options: Any) -> None:  # noqa: ANN401
    """Judge a change: Terraform plans, CloudFormation templates and policies.

    Each FILE is a plan as `terraform show -json` prints it, a template, a policy, a folder, a glob, or - for standard
    input. The exit code is 0 where the change may be merged, 1 where it may not or that can't be decided, or where
    there is nothing to judge, and 2 where a file can't be read.
    """
    if print_input:
        contents = inputs.contents(inputs.read(options["names"]))
        click.echo(json_bytes.dumps(contents, readable=True).decode(), nl=False)
        return
    targets = list(map(_target, outputs))
    found = run.judge(**options)
    for name, file in targets:
        _write(file, formats.FORMATS[name](found) + "\n")
    if form != "table":
        click.echo(formats.FORMATS[form](found), nl=bool(found.findings) or form != "github")
    elif found.verdict == "error":
        for finding in found.placed:
            click.echo(f"opa-iam: {finding}", err=True)
    else:
        if found.findings:
            Console(soft_wrap=False).print(report.findings_table(found.placed))
        files_word = "file" if found.count == 1 else "files"
        click.echo(f"{found.verdict}: {found.count} {files_word}, {formats.counted(found)}")
    raise click.exceptions.Exit(found.exit_code)


def _target(output: str) -> tuple[str, Path]:
    """Return the format and the file of an `--output`."""
    name, _, file = output.partition("=")
    if name not in formats.FORMATS or not file:
        raise InputError(f"--output {output}: spell it FORMAT=FILE, with one of {', '.join(formats.FORMATS)}")
    return name, Path(file)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(f"{file}: can't be written: {error.strerror}") from error
