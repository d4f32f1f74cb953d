"""An OPA that runs already, through opa-python-client.

The client's traps that matter here: an undefined rule comes back as a reply without `result`; its default timeout is
1.5 seconds; its errors have no common base; a server is healthy before its bundles are active unless asked for them.
"""

from __future__ import annotations

from typing import Any, Self
from urllib.parse import urlsplit

import requests
from opa_client import OpaClient

from opa_iam.errors import EngineError, InputError

_SECONDS = 30.0
_PORTS = {"http": 80, "https": 443}


class HttpEngine:
    """Connections to an OPA server, kept alive between queries. Threads can share it and get one each."""

    at_once = 4

    def __init__(self, host: str, port: int, *, tls: bool = False) -> None:
        """Connect to nothing yet; the first query does."""
        self.url = f"{'https' if tls else 'http'}://{host}:{port}"
        self._client = OpaClient(host=host, port=port, ssl=tls, timeout=_SECONDS)

    @classmethod
    def at(cls, url: str) -> Self:
        """Return the engine at an `http` or `https` URL of a host and a port.

        Raises:
            InputError: the URL has anything more.
        """
        parts = urlsplit(url)
        try:
            port = parts.port or _PORTS[parts.scheme]
        except ValueError as error:
            raise InputError(f"{url}: {error}") from error
        if not parts.hostname or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
            raise InputError(f"{url}: an engine's URL is http(s)://HOST:PORT and nothing else")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return cls(host, port, tls=parts.scheme == "https")

    def query(self, path: str, value: object) -> Any:  # noqa: ANN401
        """Return the value of a rule for an input; see `Engine.query`."""
        try:
            reply = self._client.query_rule(input_data=value, package_path=path)
        except requests.HTTPError as error:
            raise EngineError(f"{self.url} refuses {path}: {_reason(error.response)}") from error
        except requests.JSONDecodeError as error:
            raise EngineError(f"{self.url} answers {path} with something that is not JSON: no OPA?") from error
        except RecursionError as error:
            raise EngineError("the input can't be written as JSON: it is nested too deeply") from error
        except requests.RequestException as error:
            raise EngineError(f"{self.url} can't be asked: {_cause(error)}") from error
        if not isinstance(reply, dict) or "result" not in reply:
            raise EngineError(f"{self.url} has no {path}: is the bundle of another name, or not loaded?")
        return reply["result"]

    def is_ready(self) -> bool:
        """Return whether the server answers and all its bundles are active."""
        return bool(self._client.check_health(query={"bundles": True}))

    def labels(self) -> dict[str, str]:
        """Return the labels that the server was started with."""
        return dict(self._client.get_config()["result"].get("labels", {}))

    def close(self) -> None:
        """Close the connection."""
        self._client.close_connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _reason(response: requests.Response) -> str:
    """Return what the server says of its refusal."""
    try:
        return f"{response.status_code}, {response.json()['message']}"
    except (ValueError, KeyError, TypeError):
        return f"{response.status_code}, {response.reason}"


def _cause(error: BaseException) -> str:
    """Return the innermost reason, which requests and urllib3 wrap several times."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return str(error) or type(error).__name__
