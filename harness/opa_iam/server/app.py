"""The server as an ASGI application: who may ask is looked at first, and what nobody opened is closed."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from opa_iam.errors import InputError
from opa_iam.server import asking, bodies, fleet, page, reports
from opa_iam.server.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from opa_iam.server.fleet import View
    from opa_iam.server.shelf import Bundle
    from opa_iam.server.tokens import Tokens

_BUNDLE = "application/vnd.openpolicyagent.bundles"
"""The content type by which OPA knows that it may poll long."""

_PORT = re.compile(r":[0-9]*$")
_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"}
_READ_AT_ONCE = 2  # bodies of reports, which are large when they are unpacked
_log = logging.getLogger("opa_iam")


def is_loopback(host: str) -> bool:
    """Tell whether a host, by name or address, is this machine and no other can reach it."""
    try:
        return host.lower() == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass
class Guard:
    """Lets in who has a token for what is asked.

    Attributes:
        tokens: who may do what; replaced when the files change.
        local: whether only names of this machine are answered, so that no web page of elsewhere can ask through the
            browser of somebody here where no token is needed.
    """

    tokens: Tokens
    local: bool

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return an application that asks another only what may be asked."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            refusal = self._refusal(scope) if scope["type"] == "http" else None
            await (refusal or app)(scope, receive, send)

        return guarded

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if self.local and not is_loopback(_PORT.sub("", headers.get("host", ""))):
            return PlainTextResponse("only this machine's own names are answered\n", 421, _HEADERS)
        given = headers.get("authorization", "").encode("latin-1")
        if any(self.tokens.open(role, given) for role in _roles(scope["path"])):
            return None
        return PlainTextResponse(
            "a token is needed\n", 401, {**_HEADERS, "WWW-Authenticate": _challenge(scope["path"])}
        )


def _roles(path: str) -> tuple[str, ...]:
    """Return what any one of which opens a path; what is not known is the fleet's, so that it is closed."""
    if path == "/health":
        return ("bundles", "reports", "fleet")
    if path.startswith("/bundles/"):
        return ("bundles",)
    return ("reports",) if path.split("/")[1:2] in (["status"], ["logs"]) else ("fleet",)


def _challenge(path: str) -> str:
    """Ask a person's browser for a password, and a program for a token."""
    return 'Basic realm="fleet", charset="UTF-8"' if _roles(path) == ("fleet",) else 'Bearer realm="opa-iam"'


@dataclass
class Endpoints:
    """What there is to ask."""

    view: View
    _reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_READ_AT_ONCE))

    def routes(self) -> list[Route]:
        """Return the paths and what answers them."""
        return [
            Route("/bundles/{name}", self.bundle),
            *(Route(path, self.status, methods=["POST"]) for path in ("/status", "/status/{partition}")),
            *(Route(path, self.logs, methods=["POST"]) for path in ("/logs", "/logs/{partition}")),
            Route("/health", self.health),
            Route("/fleet", self.page),
            Route("/fleet.json", self.json),
            Route("/", self.start),
        ]

    async def bundle(self, request: Request) -> Response:
        """Give a client the bundle, or a delta to it, when it has another, for which it may be willing to wait."""
        shelf, asked = self.view.shelf, asking.read(request.headers)
        found = shelf.bundles.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404, "there is no such bundle")
        if asked.has(found.archive.etag) and asked.wait and not shelf.closing:
            await _change(found, asked.wait, request)
        archive = found.archive
        # A cache on the way must not give one client what was made for another.
        headers = {"ETag": archive.etag, "Vary": "Authorization, If-None-Match, Prefer", "Cache-Control": "no-cache"}
        if asked.has(archive.etag):
            return Response(status_code=304, headers=headers)
        if asked.delta and asked.base:
            client = request.client.host if request.client else ""
            delta = await shelf.delta(found, archive, asked.base, client)
            if delta is not None:
                return Response(delta, media_type=_BUNDLE, headers={**headers, "Cache-Control": "no-store"})
        return Response(archive.content, media_type=_BUNDLE, headers=headers)

    async def status(self, request: Request) -> Response:
        """Take a status report."""
        body = await bodies.read(request)
        async with self._reading:
            await self.view.store.report(await run_in_threadpool(reports.status, body))
        return JSONResponse({})

    async def logs(self, request: Request) -> Response:
        """Take a decision log."""
        body = await bodies.read(request)
        async with self._reading:
            await self.view.store.log(await run_in_threadpool(reports.decisions, body))
        return JSONResponse({})

    async def health(self, request: Request) -> Response:  # noqa: ARG002
        """Tell that the server runs, and whether it has anything to serve."""
        return JSONResponse({}, 200 if self.view.shelf.bundles else 503)

    async def json(self, request: Request) -> Response:  # noqa: ARG002
        """Tell what there is to know of the fleet."""
        return JSONResponse(await fleet.look(self.view), headers={"Cache-Control": "no-store"})

    async def page(self, request: Request) -> Response:
        """Show it."""
        text = page.render(await fleet.look(self.view), still="still" in request.query_params)
        return Response(text, media_type="text/html", headers=page.HEADERS)

    async def start(self, request: Request) -> Response:  # noqa: ARG002
        """Lead to the page."""
        return RedirectResponse("/fleet")


def application(view: View, guard: Guard) -> ASGIApp:
    """Return the application.

    Args:
        view: what is served, and what was reported.
        guard: who may ask.
    """
    handlers: Mapping[type[Exception], Callable[[Request, Exception], Response]] = {
        HTTPException: _refused,
        InputError: lambda _, error: _answer(400, str(error)),
        StoreError: _unkept,
    }
    return guard.around(Starlette(routes=Endpoints(view).routes(), exception_handlers=handlers))


async def _change(bundle: Bundle, seconds: float, request: Request) -> None:
    """Wait until there is another archive, the client has gone, or the time is over."""
    waiting = [asyncio.ensure_future(bundle.changed.wait()), asyncio.ensure_future(_departure(request))]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()


async def _departure(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - for nothing else is it called
    return _answer(error.status_code, error.detail, dict(error.headers or {}))


def _unkept(_: Request, error: Exception) -> Response:
    """Ask OPAs to send it again: they do for any answer that is no 2xx."""
    _log.error("%s", error)
    return _answer(503, str(error), {"Retry-After": "10"})


def _answer(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"message": message}, status, {**_HEADERS, **(headers or {})})
