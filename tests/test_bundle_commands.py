"""The commands about built bundles, in this process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from click.testing import CliRunner

from opa_iam import archive, bundle_commands, cli, signing

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A function that runs `opa-iam` in a folder with a project."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPA_IAM_KEY_PASSPHRASE", raising=False)
    (tmp_path / "bundle.yaml").write_text("name: example\n", "utf-8")
    return lambda *arguments: CliRunner().invoke(cli.main, arguments)


def project(**members: object) -> None:
    """Write the project anew."""
    Path("bundle.yaml").write_text(yaml.safe_dump({"name": "example", **members}), "utf-8")


def test_from_a_key_to_a_server(run: Run, tmp_path: Path) -> None:
    made = run("keys", "new", "keys/release", "--scope", "production", "--name", "example")
    assert made.exit_code == 0
    assert made.stderr == (
        "keys/release.pem: the key release, to sign with; keep it secret\nkeys/release.pub.pem: to verify with\n"
    )
    config = yaml.safe_load(made.stdout)
    assert config["bundles"] == {"example": {"signing": {"keyid": "release", "scope": "production"}}}
    public = (tmp_path / "keys" / "release.pub.pem").read_text("utf-8")
    assert config["keys"] == {"release": {"algorithm": "ES256", "key": public}}

    built = run("build", "--sign", "keys/release.pem", "--scope", "production")
    assert built.exit_code == 0
    revision = built.stderr.split()[-1]
    verified = run("verify", "build/bundle.tar.gz", "--key", "keys/release.pub.pem", "--scope", "production")
    count = len(list(archive.entries(tmp_path / "build" / "bundle.tar.gz"))) - 1
    signed = f"{count} files, signed with release (ES256) for production"
    assert verified.stdout == f"build/bundle.tar.gz: revision {revision}, {signed}\n"
    key = ("--key", "keys/release.pub.pem", "--scope", "production")
    for state in ("published", "there already"):
        assert run("publish", "site", *key).stdout == f"site/example/latest.tar.gz: revision {revision}, {state}\n"


def test_what_does_not_verify_exits_with_1_and_is_not_published(run: Run, tmp_path: Path) -> None:
    run("keys", "new", "release")
    run("build")
    for command in (("verify", "build/bundle.tar.gz"), ("publish", "site")):
        done = run(*command, "--key", "release.pub.pem")
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr == ("opa-iam: build/bundle.tar.gz: it is not signed: there is no .signatures.json\n")
    assert not (tmp_path / "site").exists()
    assert run("publish", "site").stdout.endswith(", published, unsigned\n")


def test_two_keys_are_taken(run: Run) -> None:
    for name in ("old", "new"):
        run("keys", "new", name)
        run("build", "--sign", f"{name}.pem", "-o", f"{name}.tar.gz")
    both = ("--key", "old.pub.pem", "--key", "new.pub.pem")
    assert [run("verify", f"{name}.tar.gz", *both).exit_code for name in ("old", "new")] == [0, 0]
    only = run("verify", "old.tar.gz", "--key", "new.pub.pem")
    assert (only.exit_code, only.stderr) == (
        1,
        "opa-iam: old.tar.gz: it is signed with the key 'old', and not with new\n",
    )


def test_bundle_yaml_says_how_to_sign(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCK", "open")
    monkeypatch.setenv("OPA_IAM_KEY_PASSPHRASE", "open")
    run("keys", "new", "release")
    monkeypatch.delenv("OPA_IAM_KEY_PASSPHRASE")
    project(signing={"key": "release.pem", "passphrase_env": "LOCK", "key_id": "r1", "scope": "production"})
    monkeypatch.chdir(tmp_path.parent)  # the key lies beside bundle.yaml, wherever the command runs
    project_file = str(tmp_path / "bundle.yaml")
    assert run("build", project_file, "-o", str(tmp_path / "bundle.tar.gz")).exit_code == 0
    monkeypatch.chdir(tmp_path)
    verified = run("verify", "bundle.tar.gz", "--key", "r1=release.pub.pem", "--scope", "production")
    assert verified.stdout.endswith("signed with r1 (ES256) for production\n")
    other = run("build", "--scope", "test", "--key-id", "r2")
    assert other.exit_code == 0
    assert run("verify", "build/bundle.tar.gz", "--key", "r2=release.pub.pem", "--scope", "test").exit_code == 0


def test_a_key_in_the_environment(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("keys", "new", "shared", "--algorithm", "HS256")
    monkeypatch.setenv("SHARED", (tmp_path / "shared.secret").read_text("utf-8"))
    project(signing={"key_env": "SHARED", "key_id": "shared", "algorithm": "HS256"})
    assert run("build").exit_code == 0
    taken = run("verify", "build/bundle.tar.gz", "--key", "shared=env:SHARED", "--algorithm", "HS256")
    assert taken.stdout.endswith("signed with shared (HS256)\n")


@pytest.mark.parametrize("algorithm", ["ES256", "PS256"])
def test_building_again_gives_the_same_bytes(run: Run, tmp_path: Path, algorithm: str) -> None:
    run("keys", "new", "release", "--algorithm", algorithm)
    for _ in range(2):
        run("build", "--sign", "release.pem", "--algorithm", algorithm)
    first = (tmp_path / "build" / "bundle.tar.gz").read_bytes()
    run("build", "--sign", "release.pem", "--algorithm", algorithm)
    assert (tmp_path / "build" / "bundle.tar.gz").read_bytes() == first


def test_two_bundles_with_one_statement(run: Run, tmp_path: Path) -> None:
    project(split=True)
    done = run("build")
    names = [line.partition(": revision ")[0] for line in done.stderr.splitlines()]
    assert names == ["build/bundle-rego.tar.gz", "build/bundle-data.tar.gz"]
    told = json.loads((tmp_path / "build" / "bundle.tar.gz.provenance.json").read_bytes())
    assert [each["name"] for each in told["subject"]] == ["bundle-rego.tar.gz", "bundle-data.tar.gz"]
    assert told["predicate"]["buildDefinition"]["externalParameters"]["split"] is True
    published = run("publish", "site", *names)
    assert [line.partition(":")[0] for line in published.stdout.splitlines()] == [
        "site/example-rego/latest.tar.gz",
        "site/example-data/latest.tar.gz",
    ]


def test_a_signed_bundle_decides(run: Run) -> None:
    """A user's own file: whose it is, verify says."""
    run("keys", "new", "release")
    run("build", "--sign", "release.pem")
    asked = ("--principal", "arn:aws:iam::111122223333:user/Ana", "--action", "s3:GetObject")
    for engine in ("opa", "wasm"):
        done = run("decide", *asked, "--bundle", "build/bundle.tar.gz", "--engine", engine)
        assert (done.exit_code, done.stdout) == (0, "implicitDeny\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("build", "--scope", "x"),
            "--key-id, --algorithm and --scope are for a signed bundle: name the key with --sign",
        ),
        (("publish", "site", "--scope", "x"), "--algorithm and --scope are for verifying: name the key with --key"),
        (("build", "--sign", "nothing.pem"), "nothing.pem: the key can't be read: No such file or directory"),
        (("verify", "nothing", "--key", "nothing"), "nothing: the key can't be read: No such file or directory"),
        (("publish", "site"), "build/bundle.tar.gz: there is no such bundle: `opa-iam build` makes it"),
    ],
)
def test_mistakes(run: Run, arguments: tuple[str, ...], message: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stderr) == (2, f"opa-iam: {message}\n")


@pytest.mark.parametrize(
    ("signing", "code"),
    [
        ({}, "signing"),
        ({"key": "a", "key_env": "B", "key_id": "c"}, "signing"),
        ({"key_env": "B"}, "signing"),
        ({"key": "a", "algorithm": "none"}, "algorithm"),
    ],
)
def test_bundle_yaml_says_one_key(run: Run, signing: dict[str, str], code: str) -> None:
    project(signing=signing)
    done = run("build")
    assert done.exit_code == 2
    assert code in done.stderr


@pytest.mark.parametrize(
    ("package", "arguments", "message"),
    [
        ("cryptography", ("keys", "new", "k"), "signatures need the package cryptography: pip install 'opa-iam[sign]'"),
        ("fsspec", ("publish", "s3://b"), "buckets need the package fsspec: pip install 'opa-iam[publish]'"),
        ("oras", ("publish", "oci://localhost/b"), "registries need the package oras: pip install 'opa-iam[publish]'"),
    ],
)
def test_packages_that_are_missing(run: Run, package: str, arguments: tuple[str, ...], message: str) -> None:
    run("build")
    script = f"import sys; sys.modules[{package!r}] = None; from opa_iam import cli; cli.main({list(arguments)!r})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, encoding="utf-8")  # noqa: S603
    assert (done.returncode, done.stderr) == (2, f"opa-iam: {message}\n")


def test_the_algorithms_are_those_that_sign() -> None:
    assert bundle_commands.ALGORITHMS == signing.ALGORITHMS
