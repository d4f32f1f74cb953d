from __future__ import annotations

import base64
import json
import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import fsspec
import pytest
import requests
import yaml

import gate
import real_parts
from opa_iam import bundle, library, project, provenance, publishing, signing, tools
from opa_iam.ci import run
from opa_iam.errors import EngineError, InputError
from opa_iam.publishing import places
from polling import PollingOpa, Site
from waiting import awaited, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from opa_iam.project import Project

ASKED = {"principal": "arn:aws:iam::111122223333:user/Ana", "action": "s3:GetObject"}


def source(action: str = "s3:*") -> dict[str, Any]:
    """A project in which Ana may do something."""
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}
    user = {"name": "Ana", "inline_policies": {"Mine": document}}
    return {"name": "example", "accounts": {"111122223333": {"users": [user]}}}


@pytest.fixture
def built(make_project: Callable[..., Path]) -> Callable[..., Path]:
    """A function that builds the bundle of an action, with the statement of its provenance."""

    def build(action: str = "s3:*") -> Path:
        file = make_project(source(action))
        target = file.parent / "build" / f"{action.replace(':', '-').replace('*', 'any')}.tar.gz"
        read = project.read(file)
        bundle.build(read, target)
        provenance.write(read, target, [target])
        return target

    return build


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """The files below a folder, with when they were written, and their contents."""
    found = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): (file.stat().st_mtime_ns, file.read_bytes()) for file in found}


def moving(folder: Path, tag: str = "latest") -> bytes:
    return (folder / "example" / f"{tag}.tar.gz").read_bytes()


def test_what_is_in_a_folder(built: Callable[..., Path], tmp_path: Path) -> None:
    file = built()
    (published,) = publishing.publish([file], str(tmp_path / "site"))
    artifact = published.artifact
    assert (published.place, published.is_new) == (f"{tmp_path / 'site'}/example/latest.tar.gz", True)
    assert (artifact.name, artifact.is_signed) == ("example", False)
    by_digest = f"example/sha256-{artifact.digest}.tar.gz"
    assert {name: content for name, (_, content) in tree(tmp_path / "site").items()} == {
        by_digest: file.read_bytes(),
        f"{by_digest}.provenance.json": provenance.file_of(file).read_bytes(),
        "example/latest.tar.gz": file.read_bytes(),
    }
    mode = (tmp_path / "site" / "example" / "latest.tar.gz").stat().st_mode
    assert mode & 0o044 == 0o044 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_publishing_again_does_nothing(built: Callable[..., Path], tmp_path: Path, form: str) -> None:
    target = form.format(tmp_path / "site")
    publishing.publish([built()], target)
    before = tree(tmp_path / "site")
    (again,) = publishing.publish([built()], target)
    assert not again.is_new
    assert tree(tmp_path / "site") == before


def test_a_new_bundle_moves_the_name_and_leaves_the_old_one(built: Callable[..., Path], tmp_path: Path) -> None:
    old, new = built("s3:*"), built("sqs:*")
    publishing.publish([old], str(tmp_path / "site"))
    before = tree(tmp_path / "site")
    publishing.publish([new], str(tmp_path / "site"))
    after = tree(tmp_path / "site")
    assert moving(tmp_path / "site") == new.read_bytes()
    assert {name: after[name] for name in before if "latest" not in name} == {
        name: value for name, value in before.items() if "latest" not in name
    }
    (back,) = publishing.publish([old], str(tmp_path / "site"))
    assert back.is_new
    assert moving(tmp_path / "site") == old.read_bytes()


def test_a_tag_of_ones_own(built: Callable[..., Path], tmp_path: Path) -> None:
    publishing.publish([built("s3:*")], str(tmp_path), "latest")
    publishing.publish([built("sqs:*")], str(tmp_path), "staging")
    assert moving(tmp_path) == built("s3:*").read_bytes()
    assert moving(tmp_path, "staging") == built("sqs:*").read_bytes()


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A function that lets a folder take so many files more and then no other."""
    write = places.Folder.write

    def fill(writes: int) -> None:
        left = iter(range(writes))

        def broken(folder: places.Folder, name: str, content: bytes) -> None:
            if next(left, None) is None:
                raise InputError("the disk is full")
            write(folder, name, content)

        monkeypatch.setattr(places.Folder, "write", broken)

    return fill


@pytest.mark.parametrize("writes", [0, 1, 2])
def test_what_breaks_off_leaves_the_old_bundle(
    built: Callable[..., Path], tmp_path: Path, full: Callable[[int], None], writes: int
) -> None:
    old, new = built("s3:*"), built("sqs:*")
    publishing.publish([old], str(tmp_path / "site"))
    full(writes)
    with pytest.raises(InputError, match="the disk is full"):
        publishing.publish([new], str(tmp_path / "site"))
    assert moving(tmp_path / "site") == old.read_bytes()
    full(3 - writes)
    assert publishing.publish([new], str(tmp_path / "site"))[0].is_new
    assert moving(tmp_path / "site") == new.read_bytes()


@pytest.mark.parametrize("writes", range(5))
def test_no_name_moves_before_all_bundles_are_there(
    make_project: Callable[..., Path], tmp_path: Path, full: Callable[[int], None], writes: int
) -> None:
    parts = list(bundle.build_split(project.read(make_project(source())), tmp_path / "bundle.tar.gz"))
    full(writes)
    if writes < 4:
        with pytest.raises(InputError, match="the disk is full"):
            publishing.publish(parts, str(tmp_path / "site"))
    else:
        publishing.publish(parts, str(tmp_path / "site"))
    names = {path.parent.name for path in (tmp_path / "site").rglob("latest.tar.gz")}
    assert names == {2: set(), 3: {"example-rego"}, 4: {"example-rego", "example-data"}}.get(writes, set())


def test_a_file_that_was_damaged_is_mended(built: Callable[..., Path], tmp_path: Path) -> None:
    file = built()
    (published,) = publishing.publish([file], str(tmp_path / "site"))
    damaged = tmp_path / "site" / "example" / f"sha256-{published.artifact.digest}.tar.gz"
    damaged.write_bytes(b"half of it")
    assert publishing.publish([file], str(tmp_path / "site"))[0].is_new
    assert damaged.read_bytes() == file.read_bytes()


def test_both_parts_of_a_project(make_project: Callable[..., Path], tmp_path: Path) -> None:
    read = project.read(make_project(source()))
    target = tmp_path / "build" / "bundle.tar.gz"
    parts = list(bundle.build_split(read, target))
    statement = provenance.write(read, target, parts).read_bytes()
    both = publishing.publish(parts, str(tmp_path / "site"))
    assert [each.place.removeprefix(f"{tmp_path}/") for each in both] == [
        "site/example-rego/latest.tar.gz",
        "site/example-data/latest.tar.gz",
    ]
    assert {each.artifact.statement for each in both} == {statement}


def test_a_statement_about_another_bundle_is_left_out(built: Callable[..., Path]) -> None:
    file, other = built("s3:*"), built("sqs:*")
    provenance.file_of(file).write_bytes(provenance.file_of(other).read_bytes())
    assert publishing.read(file).statement is None


def test_what_is_not_published(tmp_path: Path, built: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match=r"nothing\.tar\.gz: there is no such bundle: `opa-iam build` makes it"):
        publishing.publish([tmp_path / "nothing.tar.gz"], str(tmp_path))
    (tmp_path / "text").write_text("text", "utf-8")
    with pytest.raises(EngineError, match="no bundle"):
        publishing.publish([tmp_path / "text"], str(tmp_path))
    with pytest.raises(InputError, match=r"only a registry, oci://…, has artifacts for Conftest"):
        publishing.publish([built()], str(tmp_path), readers=["conftest"])
    with pytest.raises(InputError, match="publish each to a repository of its own"):
        publishing.publish([built(), built()], "oci://localhost:1/x")


def test_a_server_takes_what_a_folder_has(built: Callable[..., Path], tmp_path: Path) -> None:
    """A moving name that is published anew reaches an OPA, signed or not at all."""
    signing.make(tmp_path / "key")
    signer = signing.Signer(signing.private_key(str(tmp_path / "key.pem")))
    public = (tmp_path / "key.pub.pem").read_text("utf-8")
    read = project.read(built("s3:*").parent.parent / "bundle.yaml")
    signed = tmp_path / "signed.tar.gz"
    revision = bundle.build(read, signed, signer=signer)
    with Site() as site:
        config = {
            "services": {"site": {"url": site.url}},
            "keys": {"key": {"algorithm": "ES256", "key": public}},
            "bundles": {
                "iam": {"service": "site", "resource": "example/latest.tar.gz", "signing": {"keyid": "key"}},
            },
        }
        with PollingOpa(tmp_path, config) as server:
            publishing.publish([signed], str(tmp_path / "site"))
            site.resources["example/latest.tar.gz"] = moving(tmp_path / "site")
            server.await_revision("iam", revision)
            publishing.publish([built("sqs:*")], str(tmp_path / "site"))
            site.resources["example/latest.tar.gz"] = moving(tmp_path / "site")
            server.await_refusal("iam", "bundle missing .signatures.json file")
            assert decision(server)["revision"] == revision


def decision(server: PollingOpa) -> dict[str, Any]:
    reply = requests.post(f"{server.url}/v1/data/iam/authz/decision", json={"input": ASKED}, timeout=60).json()
    found: dict[str, Any] = reply["result"]
    return found


# Buckets


@pytest.fixture
def memory() -> Iterator[Any]:
    """The file system of fsspec's memory, empty."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


def test_a_bucket(built: Callable[..., Path], memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401
    file = built()
    written: list[str] = []
    pipe = type(memory).pipe_file

    def told(system: object, path: str, content: bytes) -> None:
        written.append(path)
        pipe(system, path, content)

    monkeypatch.setattr(type(memory), "pipe_file", told)
    (published,) = publishing.publish([file], "memory://bucket/prefix/")
    assert published.place == "memory://bucket/prefix/example/latest.tar.gz"
    by_digest = f"/bucket/prefix/example/sha256-{published.artifact.digest}.tar.gz"
    order = [by_digest, f"{by_digest}.provenance.json", "/bucket/prefix/example/latest.tar.gz"]
    assert written == order
    assert sorted(memory.store) == sorted(order)
    assert memory.cat_file("/bucket/prefix/example/latest.tar.gz") == file.read_bytes()
    assert not publishing.publish([file], "memory://bucket/prefix")[0].is_new
    assert written == order
    publishing.publish([built("sqs:*")], "memory://bucket/prefix")
    assert len(written) == 6


def test_buckets_that_are_none(built: Callable[..., Path], memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401
    with pytest.raises(InputError, match="nothing://bucket: Protocol not known: nothing"):
        publishing.publish([built()], "nothing://bucket")

    def refuse(*_: object) -> None:
        raise PermissionError("not yours")

    monkeypatch.setattr(type(memory), "pipe_file", refuse)
    with pytest.raises(EngineError, match=r"memory://bucket/example/sha256-.*\.tar\.gz: PermissionError: not yours"):
        publishing.publish([built()], "memory://bucket")


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a server that speaks S3, with a bucket that keeps every version, to which the environment leads."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - it takes long to import

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    for name, value in {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "NO_PROXY": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    client = _s3_client()
    client.create_bucket(Bucket="policies")
    client.put_bucket_versioning(Bucket="policies", VersioningConfiguration={"Status": "Enabled"})
    yield url
    server.stop()


def _s3_client() -> Any:  # noqa: ANN401
    import boto3  # noqa: PLC0415

    return boto3.client("s3")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of moto and aiobotocore, about themselves
def test_a_server_takes_what_a_bucket_of_s3_has(built: Callable[..., Path], tmp_path: Path, s3: str) -> None:
    def versions() -> list[tuple[str, str]]:
        found = _s3_client().list_object_versions(Bucket="policies")["Versions"]
        return [(version["Key"], version["VersionId"]) for version in found]

    publishing.publish([built("s3:*")], "s3://policies/opa")
    before = versions()
    assert len(before) == 3
    assert not publishing.publish([built("s3:*")], "s3://policies/opa")[0].is_new
    assert versions() == before
    credentials: dict[str, Any] = {"s3_signing": {"environment_credentials": {}}}
    config = {
        "services": {"s3": {"url": f"{s3}/policies", "credentials": credentials}},
        "bundles": {"iam": {"service": "s3", "resource": "opa/example/latest.tar.gz"}},
    }
    with PollingOpa(tmp_path, config) as server:
        awaited(lambda: server.status("iam").get("active_revision"))
        assert decision(server)["allow"] is True
        (published,) = publishing.publish([built("sqs:*")], "s3://policies/opa")
        server.await_revision("iam", published.artifact.revision)
        assert decision(server)["allow"] is False
    assert len(versions()) == 6


# Registries


@dataclass
class DockerRegistry:
    """A real registry, with what it has been asked."""

    host: str
    log: Path

    def asked(self, method: str) -> list[str]:
        """The paths of the requests of a method so far."""
        lines = self.log.read_text("utf-8").splitlines()
        return [line.split('"')[1].split()[1] for line in lines if f'"{method} ' in line]

    def tags(self, repository: str) -> list[str]:
        found: list[str] = requests.get(f"http://{self.host}/v2/{repository}/tags/list", timeout=60).json()["tags"]
        return sorted(found)

    def manifest(self, repository: str, tag: str = "latest") -> dict[str, Any]:
        found: dict[str, Any] = self._manifest(repository, tag).json()
        return found

    def digest(self, repository: str, tag: str = "latest") -> str:
        return str(self._manifest(repository, tag).headers["Docker-Content-Digest"])

    def _manifest(self, repository: str, tag: str) -> requests.Response:
        accept = {"Accept": "application/vnd.oci.image.manifest.v1+json"}
        return requests.get(f"http://{self.host}/v2/{repository}/manifests/{tag}", headers=accept, timeout=60)


USERS = "ci:$2b$04$k4BFJ7UtZuWYmYR222uOLeOYrA5XI9s2fkxY3Ctlra0iQmLnj24Fy"  # whose password is: secret


@pytest.fixture(params=[{}])
def registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[DockerRegistry]:
    """A real registry, for everybody, or with more of a configuration."""
    program = real_parts.needs("docker-registry")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    host = f"127.0.0.1:{free_port()}"
    (tmp_path / "users").write_text(USERS, "utf-8")
    config = {
        "version": "0.1",
        "storage": {"filesystem": {"rootdirectory": str(tmp_path / "registry")}},
        "http": {"addr": host},
        **({"auth": {"htpasswd": {"realm": "here", "path": str(tmp_path / "users")}}} if request.param else {}),
    }
    file, log = tmp_path / "registry.yaml", tmp_path / "registry.log"
    file.write_text(yaml.safe_dump(config), "utf-8")
    with log.open("wb") as output:
        command = [program, "serve", str(file)]
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        awaited(lambda: _answers(host))
        yield DockerRegistry(host, log)
    finally:
        process.terminate()
        process.wait(60)


def _answers(host: str) -> bool:
    try:
        return requests.get(f"http://{host}/v2/", timeout=60).status_code in {200, 401}
    except requests.RequestException:
        return False


def conftest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Conftest in a folder, below which it pulls, whatever path it is given."""
    command = [str(tools.obtain("conftest").path), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, encoding="utf-8")  # noqa: S603


@pytest.mark.slow
def test_a_server_takes_what_a_registry_has(
    built: Callable[..., Path], tmp_path: Path, registry: DockerRegistry
) -> None:
    (published,) = publishing.publish([built("s3:*")], f"oci://{registry.host}/team/policies")
    assert published.place == f"oci://{registry.host}/team/policies:latest"
    assert [layer["mediaType"] for layer in registry.manifest("team/policies")["layers"]] == [
        "application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.in-toto+json",
    ]
    config = {
        "services": {"registry": {"url": f"http://{registry.host}", "type": "oci"}},
        "bundles": {"iam": {"service": "registry", "resource": f"{registry.host}/team/policies:latest"}},
    }
    with PollingOpa(tmp_path, config) as server:
        server.await_revision("iam", published.artifact.revision)
        assert decision(server)["allow"] is True
        (second,) = publishing.publish([built("sqs:*")], f"oci://{registry.host}/team/policies")
        server.await_revision("iam", second.artifact.revision)
        assert decision(server)["allow"] is False
    assert len(registry.tags("team/policies")) == 3


@pytest.mark.slow
def test_what_a_registry_is_asked(built: Callable[..., Path], registry: DockerRegistry) -> None:
    """The tag comes last, and publishing again writes nothing."""
    first = publishing.publish([built()], f"oci://{registry.host}/policies:stable")
    awaited(lambda: len(registry.asked("PUT")) == 5)
    *blobs, immutable, tag = registry.asked("PUT")
    assert all(path.startswith("/v2/policies/blobs/uploads/") for path in blobs)
    assert immutable.startswith("/v2/policies/manifests/bundle-")
    assert tag == "/v2/policies/manifests/stable"
    assert registry.manifest("policies", immutable.rpartition("/")[2]) == registry.manifest("policies", "stable")
    posts = len(registry.asked("POST"))

    second = publishing.publish([built()], f"oci://{registry.host}/policies:stable")
    assert [each.is_new for each in (*first, *second)] == [True, False]
    asked = len(registry.asked("HEAD"))
    publishing.publish([built()], f"oci://{registry.host}/policies", "stable")
    awaited(lambda: len(registry.asked("HEAD")) == asked + 1)
    assert (len(registry.asked("PUT")), len(registry.asked("POST"))) == (5, posts)


@pytest.mark.slow
def test_conftest_pulls_the_library_and_the_data(
    built: Callable[..., Path], tmp_path: Path, registry: DockerRegistry
) -> None:
    """One artifact for both: Conftest gets every file of the library, and OPA the bundle beside them."""
    file = built()
    (published,) = publishing.publish([file], f"oci://{registry.host}/both", readers=["opa", "conftest"])
    pulled = tmp_path / "pulled"
    done = conftest(tmp_path, "pull", f"oci://{registry.host}/both:latest", "--policy", pulled.name)
    assert done.returncode == 0, done.stderr
    files = {name: content for name, (_, content) in tree(pulled).items()}
    rego = library.rego()
    assert any(name.startswith("iam/lint/") for name in rego)
    assert {name: content for name, content in files.items() if name.endswith(".rego")} == rego
    data = {name: json.loads(content) for name, content in files.items() if not name.endswith(".rego")}
    compiled = bundle.contents(str(file)).data["iam"]
    assert data == {f"iam/{name}/data.json": value for name, value in compiled.items()}

    (tmp_path / "request.json").write_text(json.dumps(ASKED), "utf-8")
    (pulled / "gate.rego").write_text(
        'package main\n\ndeny contains "refused" if not data.iam.authz.allow\n\n'
        "warn contains data.iam.authz.decision.revision if data.iam.authz.allow\n",
        "utf-8",
    )
    tested = conftest(tmp_path, "test", "request.json", "-p", pulled.name, "-d", pulled.name, "-o", "json")
    (result,) = json.loads(tested.stdout)
    assert [warning["msg"] for warning in result["warnings"]] == [published.artifact.revision]
    assert "failures" not in result

    config = {
        "services": {"registry": {"url": f"http://{registry.host}", "type": "oci"}},
        "bundles": {"iam": {"service": "registry", "resource": f"{registry.host}/both:latest"}},
    }
    with PollingOpa(tmp_path, config) as server:
        server.await_revision("iam", published.artifact.revision)


@pytest.mark.slow
def test_what_is_pulled_judges_changes(shipped: Project, tmp_path: Path, registry: DockerRegistry) -> None:
    bundle.build(shipped, tmp_path / "b.tar.gz")
    publishing.publish([tmp_path / "b.tar.gz"], f"oci://{registry.host}/gate", readers=["conftest"])
    assert conftest(tmp_path, "pull", f"oci://{registry.host}/gate:latest", "--policy", "p").returncode == 0
    plan = str(library.root() / "examples" / "terraform" / "bad" / "plan.json")
    pulled = ["--policy=p", "--data=p", f"--data={gate.GUARDRAILS}", "--namespace=iam.ci.terraform"]
    tested = conftest(tmp_path, "test", plan, *pulled, "--combine", "--output=json")
    judged = run.judge([plan], guardrails=[str(gate.GUARDRAILS)])
    assert gate.told(json.loads(tested.stdout)) == gate.ordered(judged.findings)
    assert (tested.returncode, judged.verdict) == (1, "deny")


@pytest.mark.slow
def test_conftest_alone(built: Callable[..., Path], tmp_path: Path, registry: DockerRegistry) -> None:
    publishing.publish([built()], f"oci://{registry.host}/raw", readers=["conftest"])
    media_types = {layer["mediaType"] for layer in registry.manifest("raw")["layers"]}
    assert media_types == {
        "application/vnd.cncf.openpolicyagent.policy.layer.v1+rego",
        "application/vnd.cncf.openpolicyagent.data.layer.v1+json",
    }
    assert conftest(tmp_path, "pull", f"oci://{registry.host}/raw", "--policy", "p").returncode == 0
    assert (tmp_path / "p" / "iam" / "authz" / "authz.rego").is_file()
    pinned = f"oci://{registry.host}/raw@{registry.digest('raw')}"
    assert conftest(tmp_path, "pull", pinned, "--policy", "q").returncode == 0
    assert {name: content for name, (_, content) in tree(tmp_path / "q").items()} == {
        name: content for name, (_, content) in tree(tmp_path / "p").items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("registry", [{"users": "ci"}], indirect=True)
def test_a_registry_that_wants_to_know_who_asks(
    built: Callable[..., Path], tmp_path: Path, registry: DockerRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The credentials of `docker login`; without any, or with others, it is an error, told at once."""
    file, target = built(), f"oci://{registry.host}/mine"
    monkeypatch.setenv("HOME", str(tmp_path))  # where `docker login` leaves credentials
    with pytest.raises(EngineError, match=f"it wants to know who asks: `docker login {registry.host}`"):
        publishing.publish([file], target)
    for password, reason in (("wrong", "401 Unauthorized"), ("secret", None)):
        credentials = base64.b64encode(f"ci:{password}".encode()).decode()
        (tmp_path / ".docker").mkdir(exist_ok=True)
        config = {"auths": {registry.host: {"auth": credentials}}}
        (tmp_path / ".docker" / "config.json").write_text(json.dumps(config), "utf-8")
        if reason:
            with pytest.raises(EngineError, match=reason):
                publishing.publish([file], target)
    assert publishing.publish([file], target)[0].is_new
    assert not publishing.publish([file], target)[0].is_new


def test_conftest_gets_no_other_rego(built: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    file = built()
    monkeypatch.setattr(library, "rego", lambda: {"iam/authz/authz.rego": b"package iam.authz\n"})
    with pytest.raises(InputError, match="its Rego is not that of this opa-iam: build it anew"):
        publishing.publish([file], "oci://127.0.0.1:1/x", readers=["conftest"])


@pytest.mark.parametrize("target", ["oci://", "oci://host", "oci://host/", "oci://host/repository@sha256:abc"])
def test_registries_that_are_none(built: Callable[..., Path], target: str) -> None:
    with pytest.raises(InputError, match="spell it oci://HOST/REPOSITORY"):
        publishing.publish([built()], target)


def test_a_registry_that_does_not_answer(built: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(EngineError, match=r"^oci://127\.0\.0\.1:\d+/x:latest: .*refused"):
        publishing.publish([built()], f"oci://127.0.0.1:{free_port()}/x")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost:5000", True),
        ("127.0.0.1:5000", True),
        ("127.8.9.1", True),
        ("localhost", True),
        ("registry.example.com", False),
        ("10.0.0.1:5000", False),
        ("localhost.example.com:5000", False),
    ],
)
def test_only_this_machine_is_asked_without_tls(host: str, *, expected: bool) -> None:
    from opa_iam.publishing import registries  # noqa: PLC0415

    assert registries._is_loopback(host) is expected  # noqa: SLF001
