"""The commands about bundles that are built: keys, verify, publish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opa_iam import bundle, provenance, publishing
from opa_iam.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opa_iam.project import Project
    from opa_iam.signing import Signer, Verified

DEFAULT = Path("build", "bundle.tar.gz")
"""Where a bundle is built, unless it is said."""

ALGORITHMS = ("ES256", "RS256", "PS256", "HS256")
_algorithm_option = click.option(
    "--algorithm", type=click.Choice(ALGORITHMS), help="The signature's algorithm.  [default: by the key]"
)
_scope_option = click.option("--scope", help="What the bundle is for; a server takes its own scope alone.")


def build(
    source: Project, output: Path, targets: Iterable[str], *, split: bool, **signing: str | None
) -> dict[Path, str]:
    """Build a project's bundle or bundles, with a statement of provenance beside them; return their revisions."""
    signer = _signer(source, **signing)
    if split:
        built = bundle.build_split(source, output, targets, signer)
    else:
        built = {output: bundle.build(source, output, targets, signer)}
    provenance.write(source, output, built, targets)
    return built


def _signer(source: Project, **options: str | None) -> Signer | None:
    """Return what signs a project's bundle, by options, else by its bundle.yaml; None where neither says so."""
    told = source.signing or {}
    given = {name: value for name, value in options.items() if value}
    if "key" not in given and not told:
        if given:
            raise InputError("--key-id, --algorithm and --scope are for a signed bundle: name the key with --sign")
        return None
    from opa_iam import signing  # noqa: PLC0415 - cryptography is only there with opa-iam[sign]

    if "key" in given:
        reference = given["key"]
    elif "key" in told:
        reference = str(Path(source.source.file).parent / told["key"])
    else:
        reference = f"env:{told['key_env']}"
    asked = {**told, **given}
    key = signing.private_key(reference, asked.get("key_id"), asked.get("algorithm"), told.get("passphrase_env"))
    return signing.Signer(key, asked.get("scope"))


def _verified(file: Path, references: Iterable[str], algorithm: str | None, scope: str | None) -> Verified:
    from opa_iam import signing  # noqa: PLC0415

    return signing.verify(file, [signing.public_key(reference, algorithm) for reference in references], scope)


@click.group()
def keys() -> None:
    """Make the keys with which bundles are signed."""


@keys.command("new")
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--algorithm", type=click.Choice(ALGORITHMS), default="ES256", show_default=True, help="For signing with."
)
@_scope_option
@click.option("--name", default="iam", show_default=True, help="The bundle's name in OPA's configuration.")
def new_key(target: Path, algorithm: str, scope: str | None, name: str) -> None:
    """Make a key, TARGET.pem and TARGET.pub.pem, and print what OPA is told of it.

    The last part of TARGET is the key's id. OPA_IAM_KEY_PASSPHRASE encrypts the private key. HS256 has a secret
    instead, TARGET.secret, which OPA must be told.
    """
    from opa_iam import signing  # noqa: PLC0415

    made = signing.make(target, algorithm, scope, name)
    click.echo(f"{made.private}: the key {made.id}, to sign with; keep it secret", err=True)
    if made.public:
        click.echo(f"{made.public}: to verify with", err=True)
    click.echo(made.config, nl=False)


@click.command()
@click.argument("archive", metavar="BUNDLE", type=click.Path(path_type=Path))
@click.option(
    "--key",
    "references",
    multiple=True,
    required=True,
    metavar="[ID=]FILE",
    help="A public key, a certificate, or the secret of HS256; several for as long as each is to be taken.",
)
@_algorithm_option
@_scope_option
def verify(archive: Path, references: tuple[str, ...], algorithm: str | None, scope: str | None) -> None:
    """Say whether BUNDLE, an archive, is what the owner of the key has signed.

    Exits with 1, and every reason, where it is not. What `docs/bundles.md` lists is refused, more than OPA refuses.
    """
    found = _verified(archive, references, algorithm, scope)
    signed = f"signed with {found.key_id} ({found.algorithm})" + (f" for {found.scope}" if found.scope else "")
    click.echo(f"{archive}: revision {found.revision}, {found.files} files, {signed}")


@click.command()
@click.argument("target")
@click.argument("files", nargs=-1, metavar="[BUNDLE]...", type=click.Path(path_type=Path))
@click.option("--tag", default=publishing.TAG, show_default=True, help="The moving name that servers ask for.")
@click.option(
    "--for",
    "readers",
    type=click.Choice(publishing.READERS),
    multiple=True,
    default=("opa",),
    show_default=True,
    help="Who reads a registry's artifact; given twice, both do.",
)
@click.option("--key", "references", multiple=True, metavar="[ID=]FILE", help="Publish only what `verify` takes.")
@_algorithm_option
@_scope_option
def publish(
    target: str,
    files: tuple[Path, ...],
    tag: str,
    readers: tuple[str, ...],
    **verification: Any,  # noqa: ANN401
) -> None:
    """Publish each BUNDLE, by default build/bundle.tar.gz, where servers get it.

    TARGET is a folder, a bucket (s3://…, gs://…, abfs://…), or oci://HOST/REPOSITORY. A bundle is put there by its
    digest, and the moving name comes last. What is there already is left alone.
    """
    files = files or (DEFAULT,)
    if verification["references"]:
        for file in files:
            _verified(file, **verification)
    elif any(verification.values()):
        raise InputError("--algorithm and --scope are for verifying: name the key with --key")
    for each in publishing.publish(files, target, tag, sorted(set(readers), key=publishing.READERS.index)):
        state = "published" if each.is_new else "there already"
        signed = "" if each.artifact.is_signed else ", unsigned"
        click.echo(f"{each.place}: revision {each.artifact.revision}, {state}{signed}")
