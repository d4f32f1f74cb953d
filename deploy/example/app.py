"""A small application that guards its routes: response plans, and incidents that are started by them.

    uvicorn --app-dir deploy/example app:app

EXAMPLE_PEOPLE names a JSON file of who is who: the SHA-256 of a bearer token, and the principal's ARN. An application
of your own has its own way to know its callers; what IAM needs is the ARN. EXAMPLE_OPA is the sidecar's URL, and
EXAMPLE_OPA_TOKEN a file with the token that opens it, if it wants one.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.routing import Match, Route

from opa_iam.asgi import PUBLIC, AsyncHttpEngine, Description, IamMiddleware

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Scope

_PLAN = "arn:aws:ssm-incidents::111122223333:response-plan/{plan}"
_started: list[str] = []


async def health(_: Request) -> JSONResponse:
    """Tell that the application runs."""
    return JSONResponse({"status": "ok"})


async def incidents(_: Request) -> JSONResponse:
    """Tell which incidents there are."""
    return JSONResponse({"incidents": _started})


async def start(request: Request) -> JSONResponse:
    """Start an incident by a plan."""
    _started.append(request.path_params["plan"])
    return JSONResponse({"started": request.path_params["plan"]}, 201)


# Each route with what it is in IAM's terms; a route without that is closed.
_GUARDED: list[tuple[Route, tuple[str, str] | None]] = [
    (Route("/health", health), None),
    (Route("/incidents", incidents), ("ssm-incidents:ListIncidentRecords", "*")),
    (Route("/plans/{plan}/incidents", start, methods=["POST"]), ("ssm-incidents:StartIncident", _PLAN)),
]


def _people() -> dict[str, str]:
    file = os.environ.get("EXAMPLE_PEOPLE")
    found: dict[str, str] = json.loads(Path(file).read_text("utf-8")) if file else {}
    return found


def _principal(scope: Scope) -> str:
    scheme, _, token = HTTPConnection(scope).headers.get("authorization", "").partition(" ")
    known = _people().get(hashlib.sha256(token.encode()).hexdigest()) if scheme.lower() == "bearer" else None
    return known or "*"


def describe(scope: Scope) -> Description:
    """Say what a request is in IAM's terms: by the router's own matching, so that both see the same route."""
    for route, guarded in _GUARDED:
        match, child = route.matches(scope)
        if match is Match.FULL:
            if guarded is None:
                return PUBLIC
            action, resource = guarded
            context: dict[str, Any] = {"aws:SecureTransport": scope["scheme"] == "https"}
            if client := scope.get("client"):
                context["aws:SourceIp"] = client[0]
            return {
                "principal": _principal(scope),
                "action": action,
                "resource": resource.format(**child["path_params"]),
                "context": context,
            }
    return None


def _engine() -> AsyncHttpEngine:
    token = os.environ.get("EXAMPLE_OPA_TOKEN")
    return AsyncHttpEngine(
        os.environ.get("EXAMPLE_OPA", "http://127.0.0.1:8181"),
        token=Path(token).read_text("utf-8").strip() if token else None,
    )


app = Starlette(
    routes=[route for route, _ in _GUARDED],
    middleware=[Middleware(IamMiddleware, engine=_engine(), describe=describe)],
)
