"""The server as a process: its socket, what it looks after while it runs, and how it ends."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import ssl
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import uvicorn

from opa_iam import delta
from opa_iam.errors import InputError, OpaIamError
from opa_iam.server import sources, tokens
from opa_iam.server.app import Guard, application, is_loopback
from opa_iam.server.fleet import View
from opa_iam.server.shelf import Shelf
from opa_iam.server.store import Store, StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from starlette.types import ASGIApp

    from opa_iam.server.sources import News, Source

_SECONDS_BETWEEN_LOOKS = 1.0
_SECONDS_TO_END = 10
_SECONDS_OF_QUIET = 75  # that a connection is kept; longer than OPA's pause between two polls may be
_CONNECTIONS = 4_096
_log = logging.getLogger("opa_iam")


@dataclass(frozen=True)
class Settings:
    """How the server runs.

    Attributes:
        paths: where the bundles come from.
        host: the address at which it listens.
        port: the port.
        database: the file for what OPAs report.
        tokens: the folder of tokens; None where everybody may do everything, which only this machine can be.
        certificate: the file of its TLS certificate and those that lead to it; None for no TLS.
        key: the file of that certificate's key; None where it stands in the certificate's file.
        client_ca: the file of the authorities one of which must have signed a client's certificate.
        deltas: whether there are deltas, during which OPA compiles the Rego that it decides with.
        keep_days: after how many days decisions are forgotten.
        keep_decisions: how many are kept at most.
        silent_after: after how many seconds without a report an OPA is silent.
    """

    paths: tuple[Path, ...]
    host: str
    port: int
    database: Path
    tokens: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    client_ca: Path | None = None
    deltas: bool = False
    keep_days: float = 7.0
    keep_decisions: int = 100_000
    silent_after: float = 300.0


def run(settings: Settings) -> None:
    """Serve until a signal ends it.

    Raises:
        InputError: something in the settings can't be used.
        DocumentError: findings in a project's sources.
        EngineError: a project can't be built.
    """
    logging.basicConfig(format="opa-iam: %(message)s", level=logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    _check(settings)
    found = [sources.of(path) for path in settings.paths]
    guard = Guard(_tokens(settings), local=settings.tokens is None)
    shelf = Shelf(_delta if settings.deltas else None)
    with Store(settings.database, settings.keep_days * 86_400, settings.keep_decisions) as store:
        keeper = _Keeper(settings, found, guard, shelf, store)
        keeper.begin()
        config = _config(settings, application(View(shelf, store, settings.silent_after), guard))
        keeper.tls = config.ssl
        with asyncio.Runner() as runner, _listening(settings) as listener:
            runner.run(_serve(config, keeper, listener))


async def _serve(config: uvicorn.Config, keeper: _Keeper, listener: socket.socket) -> None:
    async with keeper.keeping():
        await _Server(config, keeper.shelf).serve([listener])


@dataclass
class _Keeper:
    """Looks after what is served, after the tokens and the certificate, while the server runs."""

    settings: Settings
    sources: Sequence[Source]
    guard: Guard
    shelf: Shelf
    store: Store

    def __post_init__(self) -> None:
        self._owners: dict[str, Source] = {}
        self._stamps = self._stamp()
        self.tls: ssl.SSLContext | None = None

    def begin(self) -> None:
        """Read every source once; that there is nothing to serve at all, for some reason, is an error."""
        for source in self.sources:
            for news in source.news():
                self._take(source, news)
        if self.shelf.problems and not self.shelf.bundles:
            raise InputError("\n".join(self.shelf.problems.values()))

    @asynccontextmanager
    async def keeping(self) -> AsyncIterator[None]:
        """Look after everything for as long as the context lasts."""
        for bundle in self.shelf.bundles.values():
            bundle.since = await self._since(bundle.name)
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            try:
                await self._look()
            except Exception:  # noqa: BLE001 - whatever it is, what is served must stay served
                _log.exception("what is served can't be looked after")

    async def _look(self) -> None:
        for source in self.sources:
            for news in await asyncio.to_thread(list, source.news()):
                if self._take(source, news):
                    self.shelf.bundles[news.name].since = await self._since(news.name)
        if (stamps := self._stamp()) != self._stamps:
            self._stamps = stamps
            self._renew()

    def _take(self, source: Source, news: News) -> bool:
        """Serve what is new; tell whether it is."""
        problem = news.problem
        if news.archive and self._owners.setdefault(news.name, source) is not source:
            problem = f"{news.name}: two of the sources have a bundle of this name"
        if problem:
            if problem != self.shelf.problems.get(news.name):
                _log.error("%s", problem)
            self.shelf.problems[news.name] = problem
            return False
        self.shelf.problems.pop(news.name, None)
        if news.archive is None:
            return False
        is_new = self.shelf.put(news.name, news.archive)
        if is_new:
            _log.info("serving %s, revision %s", news.name, news.archive.revision)
        return is_new

    async def _since(self, name: str) -> float:
        bundle = self.shelf.bundles[name]
        try:
            return await self.store.serving(name, bundle.archive.revision, bundle.archive.etag)
        except StoreError as error:
            _log.error("%s", error)
            return bundle.since

    def _stamp(self) -> tuple[object, ...]:
        """Tell whether the tokens or the certificate have been replaced."""
        folder = self.settings.tokens
        files = [*(folder / role for role in tokens.ROLES)] if folder else []
        files += [file for file in (self.settings.certificate, self.settings.key) if file]
        return sources.state([str(file) for file in files])

    def _renew(self) -> None:
        """Take new tokens and a new certificate; what can't be read leaves the old."""
        try:
            self.guard.tokens = _tokens(self.settings)
        except InputError as error:
            _log.error("the old tokens still hold: %s", error)
        if self.tls and self.settings.certificate:
            files = self.settings.certificate, self.settings.key
            try:
                ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*files)  # half of it would spoil the other
                self.tls.load_cert_chain(*files)
            except OSError as error:
                _log.error("the old certificate is still used: %s", error)


class _Server(uvicorn.Server):
    """Uvicorn, which tells those who wait for news that there will be none from it, and then ends as it should."""

    def __init__(self, config: uvicorn.Config, shelf: Shelf) -> None:
        super().__init__(config)
        self._shelf = shelf

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._shelf.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End with 0 at a signal to end: uvicorn would send it to the process once more."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _check(settings: Settings) -> None:
    """Refuse what would be open to everybody, or is half of something."""
    if settings.tokens is None and not is_loopback(settings.host):
        raise InputError(f"{settings.host}: without tokens, only this machine can be answered: listen at 127.0.0.1")
    if settings.certificate is None and (settings.key or settings.client_ca):
        raise InputError("a key and a client authority need a certificate of the server's own")
    if settings.tokens and not settings.tokens.exists():
        tokens.make(settings.tokens)
        _log.info("%s: made, with new tokens", settings.tokens)


def _tokens(settings: Settings) -> tokens.Tokens:
    if settings.tokens is None:
        return tokens.EVERYBODY
    found = tokens.read(settings.tokens)
    for role in found.closed:
        _log.warning("%s: there is no token, so that nobody is let in there", settings.tokens / role)
    return found


def _config(settings: Settings, app: ASGIApp) -> uvicorn.Config:
    config = uvicorn.Config(
        app,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.key,
        ssl_ca_certs=str(settings.client_ca) if settings.client_ca else None,
        ssl_cert_reqs=ssl.CERT_REQUIRED if settings.client_ca else ssl.CERT_NONE,
        lifespan="off",
        ws="none",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=_SECONDS_OF_QUIET,
        timeout_graceful_shutdown=_SECONDS_TO_END,
    )
    try:
        config.load()
    except OSError as error:  # ssl's own among them
        raise InputError(f"the certificate, its key or the client authority can't be used: {error}") from error
    return config


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Give the socket, and say on standard error where it listens."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=1024)
    except OSError as error:
        raise InputError(f"{settings.host}:{settings.port}: can't listen there: {error.strerror}") from error
    with listener:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        scheme = "https" if settings.certificate else "http"
        _log.info("the fleet is at %s://%s:%d/fleet", scheme, host, listener.getsockname()[1])
        yield listener


def _delta(old: bytes, new: bytes) -> bytes | None:
    """Make a delta; what can't be made is a reason to send the whole, not to fail."""
    try:
        with TemporaryDirectory() as folder:
            files = [Path(folder, name) for name in ("old.tar.gz", "new.tar.gz")]
            for file, content in zip(files, (old, new), strict=True):
                file.write_bytes(content)
            return delta.between(*files)
    except (OpaIamError, OSError) as error:
        _log.warning("no delta: %s", error)
        return None
