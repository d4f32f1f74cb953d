"""The ASGI middleware and the guard of routes, with a real OPA and with servers that are none."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
import requests
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

import sidecar as kit
from opa_iam import bundle, library, opa
from opa_iam.asgi import PUBLIC, AsyncHttpEngine, Guard, IamMiddleware
from opa_iam.errors import EngineError, InputError
from waiting import awaited, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from starlette.requests import HTTPConnection, Request

    from opa_iam.asgi import Description, Scope
    from opa_iam.engines import LocalOpa

ANA = "arn:aws:sts::111122223333:assumed-role/OnCallEngineer/ana"
MAY = {"principal": ANA, "action": "ssm-incidents:StartIncident"}
MAY_NOT = {"principal": ANA, "action": "iam:CreateUser"}


class Application:
    """What is guarded: remembers what reached it."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:  # noqa: ANN401, ARG002
        self.reached.append(scope["path"])
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"reached"})
        else:
            await send({"type": "websocket.accept"})


async def call(app: Any, path: str = "/", kind: str = "http") -> list[dict[str, Any]]:  # noqa: ANN401
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.request"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": kind, "path": path, "method": "GET", "headers": [], "scheme": kind, "query_string": b""}
    await app(scope, receive, send)
    return sent


def status_of(url: str, described: Description, seconds: float = 60.0, kind: str = "http") -> tuple[Any, int]:
    """Return the status of one guarded request, and how often the application was reached."""
    app = Application()

    async def ask() -> list[dict[str, Any]]:
        async with AsyncHttpEngine(url, seconds=seconds) as engine:
            return await call(IamMiddleware(app, engine=engine, describe=lambda _: described), kind=kind)

    first = asyncio.run(ask())[0]
    return first.get("status", first.get("code", first["type"])), len(app.reached)


def url_of(engine: LocalOpa) -> str:
    return engine._server.client.url  # noqa: SLF001


@pytest.mark.parametrize(
    ("described", "status", "reached"),
    [
        (MAY, 200, 1),
        (MAY_NOT, 403, 0),
        (PUBLIC, 200, 1),
        (None, 403, 0),
        ({}, 403, 0),
        ({**MAY, "resource": "arn:aws:ssm-incidents::111122223333:response-plan/p"}, 200, 1),
        ({**MAY, "resource": "arn:aws:ssm-incidents::111122223333:response-plan/*"}, 403, 0),
        ({**MAY, "resource": "arn:aws:ssm-incidents::111122223333:response-plan/?"}, 403, 0),
        ({**MAY, "resource": "*"}, 200, 1),
        ({**MAY, "context": {"k": float("nan")}}, 503, 0),
        ({**MAY, "context": {"k": object()}}, 503, 0),
    ],
)
def test_only_what_is_allowed_reaches_the_application(
    engine: LocalOpa, described: Description, status: int, reached: int
) -> None:
    assert status_of(url_of(engine), described) == (status, reached)


@pytest.mark.parametrize(("described", "first", "reached"), [(MAY, "websocket.accept", 1), (MAY_NOT, 1008, 0)])
def test_a_websocket_is_refused_before_it_is_accepted(
    engine: LocalOpa, described: Description, first: object, reached: int
) -> None:
    assert status_of(url_of(engine), described, kind="websocket") == (first, reached)


@contextmanager
def answering(status: int, body: bytes, headers: dict[str, str] | None = None) -> Iterator[str]:
    """Run a server that answers everything alike."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"{}"),
        (200, b'{"result": null}'),
        (200, b'{"result": 1}'),
        (200, b'{"result": "true"}'),
        (200, b'{"result": {"allow": true}}'),
        (200, b'{"result": [true]}'),
        (200, b"[true]"),
        (200, b"true"),
        (200, b""),
        (200, b'{"result": true'),
        (200, b'{"result": true}}'),
        (200, b"\xff\xfe"),
        (200, b"[" * 100_000),
        (201, b'{"result": true}'),
        (400, b'{"result": true}'),
        (401, b'{"result": true}'),
        (404, b'{"result": true}'),
        (500, b'{"result": true}'),
        (503, b'{"result": true}'),
    ],
)
def test_what_is_no_answer_allows_nothing(status: int, body: bytes) -> None:
    with answering(status, body) as url:
        assert status_of(url, MAY) == (503, 0)


def test_another_address_is_not_asked_instead(engine: LocalOpa) -> None:
    target = f"{url_of(engine)}/v1/data/iam/authz/allow"
    for status in (301, 302, 307, 308):
        with answering(status, b"", {"Location": target}) as url:
            assert status_of(url, MAY) == (503, 0)


def test_an_answer_that_ends_too_early_allows_nothing() -> None:
    with answering(200, b'{"result": true}', {"Content-Length": "100"}) as url:
        assert status_of(url, MAY) == (503, 0)


def test_where_nothing_listens_nothing_is_allowed() -> None:
    assert status_of(f"http://127.0.0.1:{free_port()}", MAY) == (503, 0)


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"])
def test_an_answer_that_does_not_come_in_time_allows_nothing(begun: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def begin() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(begun)
                connection.recv(1 << 16)
                connection.recv(1 << 16)  # until the client gives up

        thread = threading.Thread(target=begin)
        thread.start()
        assert status_of(f"http://127.0.0.1:{listener.getsockname()[1]}", MAY, seconds=0.3) == (503, 0)
        thread.join(kit.PATIENCE)


def test_when_opa_dies_nothing_is_allowed_and_when_it_is_back_no_hand_is_needed() -> None:
    archive = bundle.locate(str(library.root()))
    address = f"127.0.0.1:{free_port()}"

    def ready() -> bool:
        try:
            return requests.get(f"http://{address}/health?bundles", timeout=kit.PATIENCE).ok
        except requests.RequestException:
            return False

    async def status_with_opa(guarded: IamMiddleware) -> int:
        with subprocess.Popen(opa.server(archive, address, "--log-level=error")) as process:  # noqa: ASYNC220, S603
            try:
                await asyncio.to_thread(awaited, ready, "OPA is ready")
                return int((await call(guarded))[0]["status"])
            finally:
                process.kill()

    async def through(app: Application) -> list[int]:
        engine = AsyncHttpEngine(f"http://{address}", seconds=60)
        guarded = IamMiddleware(app, engine=engine, describe=lambda _: MAY)
        found = []
        for _ in range(2):
            found.append(await status_with_opa(guarded))
            found.append((await call(guarded))[0]["status"])
        # Dead and back between two requests, so that the connection that was kept is none any more.
        found += [await status_with_opa(guarded) for _ in range(2)]
        await engine.close()
        return found

    app = Application()
    assert asyncio.run(through(app)) == [200, 503, 200, 503, 200, 200]
    assert len(app.reached) == 4


def test_a_description_that_fails_does_not_reach_the_application(engine: LocalOpa) -> None:
    app = Application()

    def describe(_: Scope) -> Description:
        raise LookupError

    async def ask() -> None:
        async with AsyncHttpEngine(url_of(engine)) as asked:
            await call(IamMiddleware(app, engine=asked, describe=describe))

    with pytest.raises(LookupError):
        asyncio.run(ask())
    assert app.reached == []


def test_a_description_may_be_awaited(engine: LocalOpa) -> None:
    async def describe(scope: Scope) -> Description:
        await asyncio.sleep(0)
        return {"/may": MAY, "/may-not": MAY_NOT}[scope["path"]]

    async def ask() -> list[int]:
        async with AsyncHttpEngine(url_of(engine), seconds=60) as asked:
            app = IamMiddleware(Application(), engine=asked, describe=describe)
            return [(await call(app, path))[0]["status"] for path in ("/may", "/may-not")]

    assert asyncio.run(ask()) == [200, 403]


def test_the_end_of_the_lifespan_closes_the_connections(engine: LocalOpa) -> None:
    async def app(scope: Scope, receive: Any, send: Any) -> None:  # noqa: ANN401
        if scope["type"] != "lifespan":
            await Application()(scope, receive, send)

    async def ask() -> tuple[bool, bool]:
        asked = AsyncHttpEngine(url_of(engine), seconds=60)
        guarded = IamMiddleware(app, engine=asked, describe=lambda _: MAY)
        await call(guarded)
        opened = asked._session is not None  # noqa: SLF001
        await call(guarded, kind="lifespan")
        return opened, asked._session is not None  # noqa: SLF001

    assert asyncio.run(ask()) == (True, False)


@pytest.mark.parametrize(("path", "status"), [("/may", 200), ("/may-not", 403), ("/unknown", 403), ("/public", 200)])
def test_a_guard_asks_from_within_a_route(engine: LocalOpa, path: str, status: int) -> None:
    def describe(connection: HTTPConnection) -> Description:
        known: dict[str, Description] = {"/may": MAY, "/may-not": MAY_NOT, "/public": PUBLIC}
        return known.get(connection.url.path)

    async def ask() -> int:
        async with AsyncHttpEngine(url_of(engine), seconds=60) as asked:
            guard = Guard(asked, describe)

            async def endpoint(request: Request) -> PlainTextResponse:
                await guard(request)
                return PlainTextResponse("reached")

            app = Starlette(routes=[Route("/{rest:path}", endpoint)])
            return int((await call(app, path))[0]["status"])

    assert asyncio.run(ask()) == status


def test_a_guard_without_an_opa_answers_503() -> None:
    async def ask() -> int:
        async with AsyncHttpEngine(f"http://127.0.0.1:{free_port()}", seconds=60) as asked:
            guard = Guard(asked, lambda _: MAY)

            async def endpoint(request: Request) -> PlainTextResponse:
                await guard(request)
                return PlainTextResponse("reached")

            return int((await call(Starlette(routes=[Route("/", endpoint)])))[0]["status"])

    assert asyncio.run(ask()) == 503


@pytest.mark.parametrize(
    "make",
    [
        lambda: AsyncHttpEngine("127.0.0.1:8181"),
        lambda: AsyncHttpEngine("unix:///run/opa.sock"),
        lambda: AsyncHttpEngine("https://opa.example", authority="/nowhere.pem"),
        lambda: AsyncHttpEngine("https://opa.example", certificate=("/nowhere.crt", "/nowhere.key")),
    ],
)
def test_what_can_not_be_a_sidecar_is_refused(make: Callable[[], AsyncHttpEngine]) -> None:
    with pytest.raises(InputError):
        make()


def test_a_request_that_is_nested_too_deeply_is_an_error() -> None:
    deep: dict[str, object] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    engine = AsyncHttpEngine("http://127.0.0.1:1")
    with pytest.raises(EngineError, match="nested too deeply"):
        asyncio.run(engine.query("iam/authz/allow", deep))


@pytest.fixture
def example(engine: LocalOpa, tmp_path: Path) -> Iterator[str]:
    """The example application, as it stands, run by uvicorn."""
    people = {hashlib.sha256(b"ana").hexdigest(): ANA}
    (tmp_path / "people.json").write_text(json.dumps(people), "utf-8")
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "--app-dir",
        str(kit.DEPLOY / "example"),
        "app:app",
        "--port",
        str(port),
    ]
    environment = {"EXAMPLE_PEOPLE": str(tmp_path / "people.json"), "EXAMPLE_OPA": url_of(engine)}
    with kit.running(command, environment):
        url = f"http://127.0.0.1:{port}"
        awaited(lambda: kit.status(f"{url}/health"), "the example listens")
        yield url


def test_the_example_guards_its_routes(example: str) -> None:
    ana = {"Authorization": "Bearer ana"}
    asked = [
        ("GET", "/health", {}, 200),
        ("GET", "/incidents", {}, 403),
        ("GET", "/incidents", {"Authorization": "Bearer other"}, 403),
        ("GET", "/incidents", ana, 200),
        ("POST", "/plans/web/incidents", {}, 403),
        ("POST", "/plans/web/incidents", ana, 201),
        ("POST", "/plans/*/incidents", ana, 403),
        ("POST", "/plans/w%3Fb/incidents", ana, 403),
        ("GET", "/plans/web/incidents", ana, 403),
        ("GET", "/elsewhere", ana, 403),
        ("GET", "/incidents/", ana, 403),
        ("GET", "/health/../incidents", {}, 403),
        ("GET", "//health", {}, 403),
    ]
    found = []
    for method, path, headers, _ in asked:
        prepared = requests.Request(method, example, headers=headers).prepare()
        prepared.url = example + path  # as it is: requests would tidy it up
        with requests.Session() as session:
            found.append((method, path, session.send(prepared, timeout=kit.PATIENCE).status_code))
    assert found == [(method, path, status) for method, path, _, status in asked]
