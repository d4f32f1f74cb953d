"""The engine docker, with a real Docker daemon."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import docker
import pytest
import requests

from opa_iam import cases, decisions, json_bytes, library
from opa_iam.engines import docker as containers
from opa_iam.engines import open_engine
from opa_iam.errors import EngineError, InputError
from real_parts import needs_docker
from waiting import awaited, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opa_iam.engines import LocalOpa

_FILES = sorted(file for name in ("tests/cases", "examples") for file in (library.root() / name).glob("*.iam.yaml"))
SLICE = [case for file in _FILES for case in cases.read(str(file))][::20]
REQUEST = {"principal": "arn:aws:iam::111122223333:role/OnCallEngineer", "action": "ssm-incidents:StartIncident"}
ELF = b"\x7fELF\x02" + bytes(11) + b"\x02\x00\x3e\x00" + bytes(12) + b"\x40" + bytes(23) + b"\x00\x00"


@pytest.fixture(scope="module")
def daemon() -> Iterator[Any]:
    needs_docker()
    with closing(docker.from_env()) as client:
        yield client


@pytest.fixture
def own(daemon: object, archive: Path) -> Iterator[containers.DockerOpa]:  # noqa: ARG001
    with containers.DockerOpa(archive) as engine:
        yield engine


def ours(daemon: Any) -> set[str]:  # noqa: ANN401
    return {one.id for one in daemon.containers.list(all=True, filters={"label": containers.LABEL})}


@pytest.mark.slow
def test_a_container_decides_as_an_opa_does(engine: LocalOpa, daemon: Any) -> None:  # noqa: ANN401
    before = ours(daemon)
    requests_ = [case.request for case in SLICE]
    with open_engine("docker", str(library.root())) as contained:
        for request in requests_:
            one, other = (json_bytes.dumps(decisions.decide(each, request)) for each in (contained, engine))
            assert one == other
    assert len(requests_) > 20
    assert ours(daemon) == before


@pytest.mark.slow
def test_a_container_can_do_nothing_but_decide(own: containers.DockerOpa, daemon: Any) -> None:  # noqa: ANN401
    attributes = daemon.containers.get(own.container).attrs
    host, ports = attributes["HostConfig"], attributes["NetworkSettings"]["Ports"]
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert host["SecurityOpt"] == ["no-new-privileges"]
    assert [mount["Type"] for mount in attributes["Mounts"]] == ["volume"]
    assert attributes["Config"]["User"] == "65532:65532"
    assert [(port, [one["HostIp"] for one in published]) for port, published in ports.items()] == [
        ("8181/tcp", ["127.0.0.1"])
    ]


@pytest.mark.slow
def test_the_image_is_opa_alone_and_is_made_once(daemon: Any) -> None:  # noqa: ANN401
    tag = containers.image(daemon)
    first = daemon.images.get(tag)
    assert containers.image(daemon) == tag
    assert daemon.images.get(tag).id == first.id
    assert len(first.attrs["RootFS"]["Layers"]) == 1


@pytest.mark.slow
def test_a_bundle_may_be_a_folder(daemon: object, archive: Path, tmp_path: Path) -> None:  # noqa: ARG001
    subprocess.run(["tar", "-xzf", str(archive), "-C", str(tmp_path)], check=True)  # noqa: S603, S607
    with containers.DockerOpa(tmp_path) as engine:
        assert decisions.allow(engine, REQUEST)


@pytest.mark.slow
def test_a_container_that_ends_is_an_error_with_its_last_words(own: containers.DockerOpa, daemon: Any) -> None:  # noqa: ANN401
    daemon.containers.get(own.container).kill()
    with pytest.raises(EngineError, match="OPA's container ended: exit 137"):
        own.query("iam/authz/allow", REQUEST)
    daemon.containers.get(own.container).remove(force=True, v=True)
    with pytest.raises(EngineError, match="OPA's container ended: it was removed"):
        own.query("iam/authz/allow", REQUEST)


@pytest.mark.slow
def test_a_bundle_that_opa_refuses_is_an_error_and_leaves_nothing(daemon: Any, tmp_path: Path) -> None:  # noqa: ANN401
    before = ours(daemon)
    broken = tmp_path / "bundle.tar.gz"
    broken.write_bytes(b"no archive")
    with pytest.raises(EngineError, match=r"did not start: .*exit 1; it printed: .*gzip"):
        containers.DockerOpa(broken)
    assert ours(daemon) == before


@pytest.mark.slow
def test_what_a_killed_process_left_is_removed_by_the_next(daemon: Any, archive: Path) -> None:  # noqa: ANN401
    code = (
        "import sys, time; from pathlib import Path; from opa_iam.engines.docker import DockerOpa\n"
        "engine = DockerOpa(Path(sys.argv[1])); print(engine.container, flush=True); time.sleep(600)"
    )
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", code, str(archive)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        left = process.stdout.readline().strip()
        containers.sweep(daemon)
        assert left in ours(daemon)  # its process lives
        process.kill()
        process.wait()
    assert left in ours(daemon)
    volume = daemon.containers.get(left).attrs["Mounts"][0]["Name"]
    with containers.DockerOpa(archive):
        assert left not in ours(daemon)
    assert volume not in {one.name for one in daemon.volumes.list()}


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serve_runs_in_the_foreground_and_leaves_nothing(daemon: Any, archive: Path, ending: signal.Signals) -> None:  # noqa: ANN401
    before = ours(daemon)
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "opa_iam", "serve", "--engine", "docker"]
    with subprocess.Popen(  # noqa: S603
        [*command, "--bundle", str(archive), "--addr", address],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_as_in_a_terminal,  # noqa: PLW1509 - no thread of ours is between fork and exec
    ) as process:
        try:
            awaited(lambda: _allowed(address), "it decides")
            process.send_signal(ending)
            _, printed = process.communicate(timeout=60)
        finally:
            process.kill()
    assert f"in a container at http://{address}/v1/data/iam/authz/decision" in printed
    assert '"msg":"Initializing server."' in printed  # OPA's own log
    assert ours(daemon) == before


def _as_in_a_terminal() -> None:
    """Heed Ctrl-C, which processes in the background of a script ignore, and what they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _allowed(address: str) -> bool:
    try:
        reply = requests.post(f"http://{address}/v1/data/iam/authz/allow", json={"input": REQUEST}, timeout=60)
    except requests.RequestException:
        return False
    return bool(reply.json() == {"result": True})


@pytest.mark.slow
def test_a_port_that_is_taken_is_an_error(daemon: Any, archive: Path) -> None:  # noqa: ANN401
    before = ours(daemon)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(EngineError, match=r"Docker: .*(in use|allocated)"):
            containers.serve(archive, f"127.0.0.1:{taken.getsockname()[1]}")
    assert ours(daemon) == before


def test_an_address_without_a_port_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="an address is HOST:PORT"):
        containers.serve(tmp_path, "localhost")


def test_without_a_daemon_the_exit_code_is_3_and_the_message_says_so(archive: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "opa_iam", "decide", "--engine", "docker", "--bundle", str(archive)]
    arguments = ["--principal", REQUEST["principal"], "--action", REQUEST["action"]]
    environment = {**os.environ, "DOCKER_HOST": f"unix://{tmp_path}/none"}
    done = subprocess.run(  # noqa: S603
        [*command, *arguments], capture_output=True, text=True, check=False, env=environment
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert f"no Docker daemon answers at unix://{tmp_path}/none" in done.stderr


def test_a_daemon_on_another_machine_is_refused(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://build.example:2376")
    with pytest.raises(EngineError, match="can't be reached from here"):
        containers.DockerOpa(archive)


@pytest.mark.parametrize(
    ("binary", "message"),
    [
        (b"\xcf\xfa\xed\xfe program of another system", "is no Linux program"),
        (ELF.replace(b"\x3e", b"\xb7"), "is not for the Docker daemon's machine, amd64"),
        (ELF[:54] + b"\x38\x00\x01\x00" + bytes(6) + b"\x03" + bytes(55), "is not static"),
    ],
)
def test_a_program_that_no_container_can_run_is_refused(binary: bytes, message: str) -> None:
    with pytest.raises(EngineError, match=message):
        containers._confirm_runs(binary, "opa", "amd64")  # noqa: SLF001


def test_a_static_program_is_taken() -> None:
    containers._confirm_runs(ELF + bytes(64), "opa", "amd64")  # noqa: SLF001
