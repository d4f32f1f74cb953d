"""Guarding an ASGI application (Starlette, FastAPI, …): each request is put to the sidecar, and fails closed.

The application says what a request is in IAM's terms. Allowed, it goes on; denied, the answer is 403; where there is no
answer from the sidecar, in time and with nothing but `true` or `false` in it, 503. The route is never reached.

    app = IamMiddleware(app, engine=AsyncHttpEngine("http://127.0.0.1:8181"), describe=describe)

`Guard` asks from within a route, where the body or a record in a database must be read before one knows what is asked.
"""

from __future__ import annotations

import inspect
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal

from opa_iam.decisions import ALLOW
from opa_iam.engines.asynchronous import AsyncHttpEngine
from opa_iam.errors import EngineError

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
else:
    try:
        from starlette.requests import HTTPConnection  # a name that FastAPI looks up here
    except ModuleNotFoundError:
        HTTPConnection = Any

__all__ = ["PUBLIC", "AsyncHttpEngine", "Description", "Guard", "IamMiddleware"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class _Public(Enum):
    PUBLIC = "public"


PUBLIC: Final = _Public.PUBLIC
"""What `describe` gives for what everybody may do, asking nobody."""

Description = Mapping[str, object] | Literal[_Public.PUBLIC] | None
"""A request to IAM: `principal`, `action`, `resource`, `context`, … as README's table says, about one resource and no
pattern; PUBLIC; or None for what the application doesn't know, which is denied."""

_FORBIDDEN = (403, "not allowed")
_UNDECIDED = (503, "there is no decision")
_CLOSE = 1008  # a websocket's "policy violation"
_log = logging.getLogger("opa_iam")


class IamMiddleware:
    """An ASGI application that lets another have the requests that are allowed.

    The connections to the sidecar are closed when the application's lifespan ends.
    """

    def __init__(
        self,
        app: App,
        *,
        engine: AsyncHttpEngine,
        describe: Callable[[Scope], Description | Awaitable[Description]],
    ) -> None:
        """Guard an application.

        Args:
            app: the application.
            engine: the sidecar.
            describe: says what a request (its ASGI scope, of HTTP or a websocket) is in IAM's terms. It must see paths
                as the application's router does: best by the router's own matching.
        """
        self._app = app
        self._engine = engine
        self._describe = describe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI asks for it."""
        if scope["type"] == "lifespan":
            try:
                await self._app(scope, receive, send)
            finally:
                await self._engine.close()
            return
        refusal = await _refusal(self._engine, self._describe(scope))
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await _refuse(scope, send, *refusal)


class Guard:
    """Asks the sidecar from within a route of Starlette's; in FastAPI, `Depends(guard)` does it before the route.

    What it raises is Starlette's HTTPException, with 403 or 503.
    """

    def __init__(
        self,
        engine: AsyncHttpEngine,
        describe: Callable[[HTTPConnection], Description | Awaitable[Description]],
    ) -> None:
        """Guard routes.

        Args:
            engine: the sidecar.
            describe: says what a request is in IAM's terms.
        """
        self._engine = engine
        self._describe = describe

    async def __call__(self, connection: HTTPConnection) -> None:
        """Return where the request is allowed.

        Raises:
            HTTPException: it is not.
        """
        from starlette.exceptions import HTTPException  # noqa: PLC0415 - who has a route of Starlette's has it

        refusal = await _refusal(self._engine, self._describe(connection))
        if refusal is not None:
            raise HTTPException(*refusal)


async def _refusal(
    engine: AsyncHttpEngine, description: Description | Awaitable[Description]
) -> tuple[int, str] | None:
    """Return why a request is refused; None where it is allowed."""
    described = await description if inspect.isawaitable(description) else description
    if described is PUBLIC:
        return None
    if described is None or _is_pattern(described.get("resource")):
        return _FORBIDDEN
    try:
        answer = await engine.query(ALLOW, described)
    except EngineError as error:
        _log.error("no decision: %s", error)
        return _UNDECIDED
    if answer is True:
        return None
    if answer is False:
        return _FORBIDDEN
    _log.error("no decision: %s is neither true nor false", ALLOW)
    return _UNDECIDED


def _is_pattern(resource: object) -> bool:
    """Tell whether a resource is a pattern, about some resource of which IAM would be asked.

    A caller may have put a wildcard into a name. The resource of an action that has none, `*` alone, is meant so.
    """
    return isinstance(resource, str) and resource != "*" and any(wildcard in resource for wildcard in "*?")


async def _refuse(scope: Scope, send: Send, status: int, reason: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _CLOSE, "reason": reason})
        return
    body = json.dumps({"detail": reason}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
