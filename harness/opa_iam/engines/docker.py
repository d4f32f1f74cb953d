"""An OPA server in a container, through the Docker SDK: what will run in production.

The image is made here, of nothing but the static OPA program: no registry is asked. The container has a root file
system that can't be written, no capabilities, a user that is not root, and a port on the loopback interface. The bundle
is copied into a volume of its own, not mounted, for the daemon may run on another file system; the volume goes with it.

Containers carry a label that says which process they belong to, so that those of processes that died are removed by the
next one.
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import struct
import sys
import tarfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

import requests

from opa_iam import opa
from opa_iam.engines.http import HttpEngine
from opa_iam.errors import EngineError, InputError, ToolError

try:
    import docker
    from docker.errors import DockerException, ImageNotFound, NotFound
except ModuleNotFoundError as error:
    raise ToolError("the engine docker needs the Docker SDK: pip install 'opa-iam[docker]'") from error

if TYPE_CHECKING:
    from collections.abc import Iterator

LABEL = "opa-iam"
"""What is ours has it: `opa` an image, `engine` a container."""

_OWNER = "opa-iam.owner"
_REPOSITORY = "opa-iam/opa"
_DOCKERFILE = b"""\
FROM scratch
COPY opa /opa
USER 65532:65532
ENTRYPOINT ["/opa"]
"""
_HOST = "127.0.0.1"
_PORT = "8181/tcp"
_VOLUME = "/bundle"
_BUNDLE = f"{_VOLUME}/bundle"
_SECONDS_TO_START = 60.0
_SECONDS_TO_STOP = 15
_MACHINES = {62: "amd64", 183: "arm64"}  # of an ELF file's header, as Docker names them
_INTERPRETER = 3  # the program header that says: not static


class DockerOpa:
    """An OPA server in a container, on a free port of the loopback interface. Threads can share it."""

    at_once = HttpEngine.at_once

    def __init__(self, bundle: Path) -> None:
        """Start a container on a bundle and wait until it decides; the image is built where it is absent.

        Raises:
            ToolError: OPA can't be had.
            EngineError: no daemon answers, or it can't run OPA, or OPA ends or is not ready in time.
        """
        self._client = _connect()
        try:
            self._container = _start(self._client, bundle, (_HOST, None), "--log-level=error")
            try:
                self._http = HttpEngine(_HOST, self._port())
                self._await_readiness()
            except BaseException:
                _remove(self._container)
                raise
        except BaseException:
            self._client.close()
            raise

    @property
    def container(self) -> str:
        """The container's id."""
        return str(self._container.id)

    def query(self, path: str, value: object) -> Any:  # noqa: ANN401
        """Return the value of a rule for an input; see `Engine.query`."""
        try:
            return self._http.query(path, value)
        except EngineError as error:
            if ended := self._obituary():
                raise EngineError(f"OPA's container ended: {ended}") from error
            raise

    def close(self) -> None:
        """Remove the container and its volume."""
        self._http.close()
        with _reporting():
            _remove(self._container)
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _port(self) -> int:
        with _reporting():
            self._container.reload()
        published = self._container.ports.get(_PORT)
        if not published:
            raise EngineError(f"OPA's container did not start: {self._obituary() or 'it has no port'}")
        return int(published[0]["HostPort"])

    def _await_readiness(self) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        while time.monotonic() < deadline:
            # Docker itself accepts connections before OPA does, and resets them.
            with suppress(requests.RequestException):
                if requests.get(f"{self._http.url}/health?bundles", timeout=_SECONDS_TO_START).ok:
                    return
            if ended := self._obituary():
                raise EngineError(f"OPA's container did not start: {ended}")
            time.sleep(0.02)
        raise EngineError(f"OPA's container was not ready after {_SECONDS_TO_START:.0f} seconds")

    def _obituary(self) -> str:
        """Return how the container ended and the end of what it printed; nothing where it runs."""
        try:
            self._container.reload()
            if self._container.status in ("created", "running"):
                return ""
            printed = self._container.logs(tail=20).decode("utf-8", "replace").strip()
        except NotFound:
            return "it was removed"
        except (DockerException, requests.RequestException) as error:
            return f"the Docker daemon doesn't say: {error}"
        return f"exit {self._container.attrs['State']['ExitCode']}; it printed: {printed[-2000:] or 'nothing'}"


def serve(bundle: Path, address: str) -> NoReturn:
    """Run OPA on a bundle in a container, show what it logs, and remove the container at the end.

    Args:
        bundle: an archive, or a folder that OPA reads as a bundle.
        address: HOST:PORT on which the container's port is published.

    Raises:
        ToolError: OPA can't be had.
        InputError: the address is none.
        EngineError: no daemon answers, or it can't run OPA, or OPA ends.
    """
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        raise InputError(f"{address}: an address is HOST:PORT")
    client = _connect()
    try:
        container = _start(client, bundle, (host.strip("[]"), int(port)))
        try:
            with _reporting():
                for line in container.logs(stream=True, follow=True):
                    sys.stderr.buffer.write(line)
                    sys.stderr.flush()
                code = container.wait()["StatusCode"]
            raise EngineError(f"OPA's container ended with exit code {code}")
        finally:
            _remove(container)
    finally:
        client.close()


def sweep(client: docker.DockerClient) -> None:
    """Remove the containers that processes of this machine left when they died."""
    owner, _ = _owner(0)
    with _reporting():
        for container in client.containers.list(all=True, filters={"label": f"{LABEL}=engine"}):
            machine, _, pid = container.labels.get(_OWNER, "").rpartition(" ")
            if machine == owner and pid.isdigit() and not _is_alive(int(pid)):
                _remove(container)


def image(client: docker.DockerClient) -> str:
    """Return the tag of the image that is OPA, after building it where the daemon doesn't have it.

    Raises:
        ToolError: OPA can't be had.
        EngineError: the OPA of this machine can't run in a container of the daemon's, or the daemon can't build.
    """
    program = opa.program()
    binary = program.path.read_bytes()
    digest = hashlib.sha256(_DOCKERFILE + binary).hexdigest()
    tag = f"{_REPOSITORY}:{program.version}-{digest[:12]}"
    with _reporting():
        try:
            client.images.get(tag)
        except ImageNotFound:
            _confirm_runs(binary, str(program.path), client.version()["Arch"])
            context = _archive({"Dockerfile": (_DOCKERFILE, 0o644), "opa": (binary, 0o755)})
            client.images.build(
                fileobj=io.BytesIO(context), custom_context=True, tag=tag, rm=True, forcerm=True, labels={LABEL: "opa"}
            )
    return tag


def _connect() -> docker.DockerClient:
    place = os.environ.get("DOCKER_HOST") or "its usual socket"
    if place.startswith(("tcp://", "ssh://", "http")) and not any(local in place for local in ("localhost", _HOST)):
        raise EngineError(
            f"DOCKER_HOST is {place}: the container would listen on that machine's loopback interface, which can't be"
            " reached from here. Run opa-iam there, or start OPA there and give --engine its URL"
        )
    try:
        client = docker.from_env()
        client.ping()
    except (DockerException, requests.RequestException) as error:
        raise EngineError(
            f"no Docker daemon answers at {place} ({error}): start one, or let another --engine decide"
        ) from error
    return client


def _start(client: docker.DockerClient, bundle: Path, published: tuple[str, int | None], *options: str) -> Any:  # noqa: ANN401
    """Start a container and return it; where anything fails, nothing is left of it."""
    sweep(client)
    tag = image(client)
    # The command of a server of this process's own, without the program, which is the image's entrypoint.
    command = opa.server(Path(_BUNDLE), "0.0.0.0:8181", *options)[1:]
    with _reporting():
        container = client.containers.create(
            tag,
            command,
            labels={LABEL: "engine", _OWNER: " ".join(_owner(os.getpid()))},
            ports={_PORT: published},
            volumes=[_VOLUME],
            read_only=True,
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            pids_limit=512,
        )
        try:
            container.put_archive(_VOLUME, _packed(bundle))
            container.start()
        except BaseException:
            _remove(container)
            raise
    return container


def _remove(container: Any) -> None:  # noqa: ANN401
    with suppress(NotFound):
        with suppress(DockerException, requests.RequestException):
            container.stop(timeout=_SECONDS_TO_STOP)
        container.remove(force=True, v=True)


@contextmanager
def _reporting() -> Iterator[None]:
    """Turn what the SDK raises into our own exception."""
    try:
        yield
    except (DockerException, requests.RequestException) as error:
        raise EngineError(f"Docker: {getattr(error, 'explanation', None) or error}") from error


def _owner(pid: int) -> tuple[str, str]:
    """Return what tells a process from those of other machines, and of other containers that share a daemon."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = "-"
    return f"{platform.node()} {space}", str(pid)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # another user's
    return True


def _packed(bundle: Path) -> bytes:
    """Return an archive in which the bundle, a file or a folder, is called `bundle` and can be read by everybody."""
    if bundle.is_dir():
        found = {f"bundle/{path.relative_to(bundle).as_posix()}": path for path in bundle.rglob("*") if path.is_file()}
    else:
        found = {"bundle": bundle}
    return _archive({name: (path.read_bytes(), 0o644) for name, path in found.items()})


def _archive(files: dict[str, tuple[bytes, int]]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, (content, mode) in sorted(files.items()):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), mode
            archive.addfile(member, io.BytesIO(content))
    return written.getvalue()


def _confirm_runs(binary: bytes, path: str, machine: str) -> None:
    """Make sure that a program runs in an image that has nothing else."""
    advice = "name a static Linux build of OPA in OPA_IAM_OPA"
    if binary[:5] != b"\x7fELF\x02":
        raise EngineError(f"{path} is no Linux program, which a container needs: {advice}")
    (kind,) = struct.unpack_from("<H", binary, 18)
    if _MACHINES.get(kind) != machine:
        raise EngineError(f"{path} is not for the Docker daemon's machine, {machine}: {advice}")
    (start,) = struct.unpack_from("<Q", binary, 32)
    size, count = struct.unpack_from("<HH", binary, 54)
    if any(struct.unpack_from("<I", binary, start + size * row)[0] == _INTERPRETER for row in range(count)):
        raise EngineError(f"{path} is not static, so that an image of it alone can't run it: {advice}")
