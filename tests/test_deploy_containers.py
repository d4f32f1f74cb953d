"""The sidecar's image and deploy/compose, as they stand, with a real Docker daemon and no registry."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from contextlib import closing
from typing import TYPE_CHECKING, Any

import docker
import pytest
import requests

import host_image
import sidecar as kit
from certificates import Authority
from opa_iam import bundle, library, opa
from opa_iam.engines.docker import LABEL
from real_parts import needs, needs_docker
from waiting import awaited

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow
REQUEST = {"principal": "arn:aws:iam::111122223333:role/OnCallEngineer", "action": "ssm-incidents:StartIncident"}
SIDECAR = "opa-iam/sidecar:test"
HARNESS = "opa-iam/harness:test"


@pytest.fixture(scope="module")
def daemon() -> Iterator[Any]:
    needs_docker()
    with closing(docker.from_env(timeout=600)) as client:
        yield client


@pytest.fixture(scope="module")
def image(daemon: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:  # noqa: ANN401
    """The image of deploy/opa, built as its Dockerfile says."""
    context = tmp_path_factory.mktemp("context") / "opa"
    shutil.copytree(kit.DEPLOY / "opa", context)
    shutil.copyfile(opa.program().path, context / "opa")
    (context / "opa").chmod(0o755)
    (context / "secrets").mkdir(exist_ok=True)
    (context / "secrets" / "bundle.pem").write_text("not for an image", "utf-8")
    built, _ = daemon.images.build(path=str(context), tag=SIDECAR, rm=True, forcerm=True)
    yield built
    daemon.images.remove(SIDECAR, force=True)


def test_the_image_has_opa_and_its_configuration_and_nothing_else(daemon: Any, image: Any) -> None:  # noqa: ANN401
    container = daemon.containers.create(image.id, labels={LABEL: "test"})
    try:
        names = _names(container)
    finally:
        container.remove(force=True)
    assert names == {
        "opa",
        "etc/opa-iam/clients.json",
        "etc/opa-iam/config.yaml",
        "etc/opa-iam/policy/authz.rego",
        "etc/opa-iam/policy/log.rego",
        "var/lib/opa-iam/README",
    }
    assert image.attrs["Config"]["User"] == "65532:65532"


def _names(container: Any) -> set[str]:  # noqa: ANN401
    with tarfile.open(fileobj=io.BytesIO(b"".join(container.export()))) as archive:
        files = {member.name for member in archive if member.isfile()}
    # What Docker itself puts into every container.
    dockers = (".dockerenv", "dev/", "proc/", "sys/", "etc/host", "etc/mtab", "etc/resolv.conf")
    return {name for name in files if not name.startswith(dockers)}


def test_the_image_as_it_stands_lets_nobody_ask(daemon: Any, image: Any) -> None:  # noqa: ANN401
    found = json.loads((kit.DEPLOY / "opa" / "clients.json").read_text("utf-8"))
    assert found == {"anonymous": False, "tokens": {}, "subjects": {}}
    container = daemon.containers.run(image.id, detach=True, labels={LABEL: "test"})
    try:
        # There is no key in it either, so that no bundle could be trusted: it does not even start.
        assert container.wait(timeout=kit.PATIENCE)["StatusCode"] != 0
        assert b"secrets/bundle.pem" in container.logs()
    finally:
        container.remove(force=True, v=True)


def test_the_image_speaks_tls_on_both_sides(daemon: Any, image: Any, tmp_path: Path) -> None:  # noqa: ANN401
    authority, key = Authority(tmp_path / "tls"), kit.make_key(tmp_path / "key")
    own, client = authority.issue("opa"), authority.issue("shop")
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    given = {"tls.crt": own.certificate, "tls.key": own.key, "clients.pem": authority.certificate}
    for name, file in {**given, "bundle.pem": key.public}.items():
        shutil.copyfile(file, secrets / name)
    for name, token in kit.TOKENS.items():
        (secrets / name).write_text(token, "utf-8")
    (tmp_path / "clients.json").write_text('{"subjects": {"CN=shop": "shop"}}', "utf-8")
    with kit.hosting() as host:
        host.content[kit.BUNDLE] = kit.signed(bundle.locate(str(library.root())), key, tmp_path)
        places = {"OPA_IAM_BUNDLES_URL": host.url, "OPA_IAM_REPORTS_URL": host.url, "OPA_IAM_BUNDLE": kit.BUNDLE}
        container = daemon.containers.run(
            image.id,
            detach=True,
            labels={LABEL: "test"},
            environment={**kit.env_file("mtls.env"), **places, "OPA_IAM_INSTANCE": "test"},
            volumes=[f"{secrets}:/etc/opa-iam/secrets:ro", f"{tmp_path}/clients.json:/etc/opa-iam/clients.json:ro"],
            network_mode="host",  # where the test's own server listens
            read_only=True,
            tmpfs={"/var/lib/opa-iam": "uid=65532"},
        )
        try:
            awaited(lambda: kit.status("http://127.0.0.1:8282/health?bundles") == 200, "it is ready")
            trust = str(authority.certificate)
            url, body = "https://127.0.0.1:8443/v1/data/iam/authz/allow", {"input": REQUEST}
            cert = (str(client.certificate), str(client.key))
            assert requests.post(url, json=body, cert=cert, verify=trust, timeout=kit.PATIENCE).ok
            with pytest.raises(requests.ConnectionError):
                requests.post(url, json=body, verify=trust, timeout=kit.PATIENCE)
        finally:
            container.remove(force=True, v=True)


@pytest.fixture
def fleet(daemon: Any, image: object, tmp_path: Path) -> Iterator[Path]:  # noqa: ANN401, ARG001
    """deploy/compose, set up and running."""
    compose = needs("docker-compose")
    host_image.build(daemon, HARNESS)
    shutil.copytree(kit.DEPLOY, tmp_path / "deploy", ignore=shutil.ignore_patterns("secrets", "__pycache__"))
    place = tmp_path / "deploy" / "compose"
    shutil.rmtree(place / "state", ignore_errors=True)
    scripts = tmp_path / "bin"
    scripts.mkdir()
    program = scripts / "opa-iam"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m opa_iam "$@"\n', "utf-8")
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{scripts}:{os.environ['PATH']}"}
    subprocess.run(  # noqa: S603
        [str(place / "setup"), str(kit.DEPLOY.parent / "bundle.yaml")], check=True, env=environment
    )
    command = [compose, "--file", str(place / "compose.yaml"), "--project-name", "opa-iam-test"]
    variables = {**os.environ, "OPA_IAM_IMAGE": HARNESS, "OPA_IAM_SIDECAR": SIDECAR}
    try:
        subprocess.run([*command, "up", "--detach", "--no-build"], check=True, env=variables)  # noqa: S603
        yield place
    finally:
        subprocess.run([*command, "logs", "--tail=40"], check=False, env=variables)  # noqa: S603
        subprocess.run([*command, "down", "--volumes", "--timeout=5"], check=True, env=variables)  # noqa: S603
        daemon.images.remove(HARNESS, force=True)


def test_compose_runs_a_fleet_of_one(fleet: Path, daemon: Any) -> None:  # noqa: ANN401
    state = fleet / "state"
    awaited(lambda: kit.status("http://127.0.0.1:8282/health?bundles") == 200, "the sidecar is ready")
    awaited(lambda: kit.status("http://127.0.0.1:8000/health") == 200, "the example is ready")
    ana = {"Authorization": f"Bearer {(state / 'ana').read_text().strip()}"}
    url = "http://127.0.0.1:8000/plans/web/incidents"
    assert requests.post(url, headers=ana, timeout=kit.PATIENCE).status_code == 201
    assert requests.post(url, timeout=kit.PATIENCE).status_code == 403
    # The fleet page knows the sidecar and what it runs.
    token = (state / "server" / "tokens" / "fleet").read_text().strip()
    verify = str(state / "server" / "bundles.crt")

    def seen() -> bool:
        headers = {"Authorization": f"Bearer {token}"}
        reply = requests.get(
            "https://127.0.0.1:8182/fleet.json", headers=headers, verify=verify, timeout=kit.PATIENCE
        ).json()
        opas = [(opa_["labels"]["name"], opa_["state"]) for opa_ in reply["opas"]]
        denied = [(each["principal"], each["action"]) for each in reply["denied_most"]]
        return opas == [("example", "current")] and denied == [("*", "ssm-incidents:StartIncident")]

    awaited(seen, "the server knows the sidecar, what it runs and what it denies")
    # Without its sidecar the application allows nothing; with it, it does again, and no hand is needed.
    (sidecar,) = [one for one in daemon.containers.list() if SIDECAR in one.image.tags]
    assert sidecar.attrs["HostConfig"]["ReadonlyRootfs"] is True
    sidecar.stop(timeout=5)
    assert requests.post(url, headers=ana, timeout=kit.PATIENCE).status_code == 503
    sidecar.start()
    awaited(lambda: requests.post(url, headers=ana, timeout=kit.PATIENCE).status_code == 201, "it recovers")

    def healthy() -> bool:
        sidecar.reload()
        return bool(sidecar.attrs["State"]["Health"]["Status"] == "healthy")

    awaited(healthy, "Docker knows that it is healthy")
