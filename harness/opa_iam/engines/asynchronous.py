"""An OPA that runs already, asked from an event loop: the sidecar of an application.

Of opa-python-client's asynchronous client only the library below it is used, aiohttp: the client itself knows no
authority of one's own, and asks again for whole seconds while an application's own caller waits.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from typing import TYPE_CHECKING, Any, Self

import aiohttp

from opa_iam.errors import EngineError, InputError

if TYPE_CHECKING:
    from pathlib import Path


class AsyncHttpEngine:
    """Connections to an OPA server, kept alive between queries: one for an application, in one event loop."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        authority: Path | str | None = None,
        certificate: tuple[Path | str, Path | str] | None = None,
        seconds: float = 1.0,
    ) -> None:
        """Connect to nothing yet; the first query does.

        Args:
            url: `http` or `https`, host and port.
            token: a bearer token.
            authority: a PEM file of who must have signed the server's certificate, instead of whom the system trusts.
            certificate: PEM files of a certificate of one's own, and of its key.
            seconds: how long a query may take in all.

        Raises:
            InputError: the URL is none, or a file can't be used.
        """
        if not url.startswith(("http://", "https://")):
            raise InputError(f"{url}: a sidecar's URL is http(s)://HOST:PORT")
        self.url = url.rstrip("/")
        self._headers = {"Content-Type": "application/json"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._tls = _tls(authority, certificate) if url.startswith("https://") else None
        self._timeout = aiohttp.ClientTimeout(total=seconds)
        self._session: aiohttp.ClientSession | None = None

    async def query(self, path: str, value: object) -> Any:  # noqa: ANN401
        """Return the value of a rule for an input; see `Engine.query`.

        Raises:
            EngineError: there is no answer in time, or none that says anything.
        """
        body = _body(value)
        try:
            async with asyncio.timeout(self._timeout.total):
                status, text = await self._asked(path, body)
        except TimeoutError as error:
            raise EngineError(f"{self.url} did not answer within {self._timeout.total} s") from error
        except (aiohttp.ClientError, OSError) as error:
            raise EngineError(f"{self.url} can't be asked: {str(error) or type(error).__name__}") from error
        if status != 200:  # noqa: PLR2004 - nothing else is an answer
            raise EngineError(f"{self.url} refuses {path}: {status}")
        try:
            reply = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise EngineError(f"{self.url} answers {path} with something that is not JSON: no OPA?") from error
        if not isinstance(reply, dict) or "result" not in reply:
            raise EngineError(f"{self.url} has no {path}: is the bundle of another name, or not loaded?")
        return reply["result"]

    async def close(self) -> None:
        """Close the connections; another query opens new ones."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _asked(self, path: str, body: bytes) -> tuple[int, bytes]:
        try:
            return await self._post(path, body)
        except aiohttp.ServerDisconnectedError:
            # A kept connection to an OPA that has been restarted: a decision may be asked for twice.
            return await self._post(path, body)

    async def _post(self, path: str, body: bytes) -> tuple[int, bytes]:
        if self._session is None:
            connector = aiohttp.TCPConnector(ssl=self._tls or True)
            self._session = aiohttp.ClientSession(connector=connector, timeout=self._timeout, headers=self._headers)
        # A redirection is no answer.
        async with self._session.post(f"{self.url}/v1/data/{path}", data=body, allow_redirects=False) as reply:
            return reply.status, await reply.read()


def _body(value: object) -> bytes:
    try:
        return json.dumps({"input": value}, allow_nan=False).encode()
    except RecursionError as error:
        raise EngineError("the input can't be written as JSON: it is nested too deeply") from error
    except (TypeError, ValueError) as error:
        raise EngineError(f"the input can't be written as JSON: {error}") from error


def _tls(authority: Path | str | None, certificate: tuple[Path | str, Path | str] | None) -> ssl.SSLContext:
    try:
        made = ssl.create_default_context(cafile=authority)
        if certificate:
            made.load_cert_chain(*certificate)
    except OSError as error:
        raise InputError(f"{authority or ''} {certificate or ''}: can't be used for TLS: {error}".strip()) from error
    return made
