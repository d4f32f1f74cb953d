"""OCI registries, through oras: an artifact that OPA downloads, that `conftest pull` reads, or both."""

from __future__ import annotations

import hashlib
import ipaddress
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter

from opa_iam.errors import EngineError, InputError
from opa_iam.publishing import layers
from opa_iam.publishing.places import Published

try:
    from oras.auth import AuthenticationException
    from oras.container import Container
    from oras.provider import Registry
except ImportError as error:
    raise InputError("registries need the package oras: pip install 'opa-iam[publish]'") from error

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from opa_iam.publishing.artifacts import Artifact
    from opa_iam.publishing.layers import Layer


_SECONDS = 60


class _Adapter(HTTPAdapter):
    """Waits for no reply for ever, which oras does."""

    def send(self, *arguments: Any, **options: Any) -> requests.Response:  # noqa: ANN401
        return super().send(*arguments, **{**options, "timeout": _SECONDS})


class _Registry(Registry):  # type: ignore[misc] # oras has no types
    """A registry that is asked once: oras would try for two minutes, and sleep, whatever is wrong."""

    do_request = Registry.do_request.__wrapped__

    def __init__(self, container: Any) -> None:  # noqa: ANN401
        """Find out how the registry wants to know who asks."""
        host = container.registry
        prefix = "http" if _is_loopback(host) else "https"
        challenge = requests.get(f"{prefix}://{host}/v2/", timeout=_SECONDS).headers.get("Www-Authenticate", "")
        backend = "basic" if challenge.lower().startswith("basic") else "token"
        super().__init__(host, insecure=prefix == "http", auth_backend=backend)
        self.session.mount(f"{prefix}://", _Adapter())
        self.auth.load_configs(container)
        if backend == "basic" and not hasattr(self.auth, "_basic_auth"):
            raise ValueError(f"it wants to know who asks: `docker login {host}`")


def push(artifact: Artifact, reference: str, tag: str, readers: Collection[str]) -> Published:
    """Push a bundle's artifact; the tag moves when all the rest is there.

    Args:
        artifact: the bundle.
        reference: HOST/REPOSITORY, with a :TAG instead of `tag` or without.
        tag: the moving tag.
        readers: for whom the artifact is.

    Raises:
        InputError: the reference is none.
        EngineError: the registry can't be reached, or refuses.
    """
    content = layers.of(artifact, readers)
    config = layers.Layer(layers.CONFIG, b"{}")
    manifest = _manifest(artifact, config, content)
    container = _container(reference, tag)
    place = f"oci://{container.uri}"
    try:
        remote = _Remote(container)
        if remote.digest() == _digest(manifest):
            return Published(place, artifact, is_new=False)
        remote.upload([config, *content])
        # Under a name of its own as well: a registry may forget what no tag names any more, and servers are slow.
        remote.tag(manifest, f"bundle-{_digest(manifest).removeprefix('sha256:')[:32]}")
        remote.tag(manifest, container.tag)
    except (requests.RequestException, AuthenticationException, ValueError) as error:  # ValueError: oras's own
        raise EngineError(f"{place}: {error}") from error
    return Published(place, artifact, is_new=True)


class _Remote:
    """A repository in a registry."""

    def __init__(self, container: Any) -> None:  # noqa: ANN401
        self.container = container
        self._registry = _Registry(container)

    def digest(self) -> str | None:
        """Return the digest of what the tag names; None where there is no such tag."""
        reply = self._ask(self.container.manifest_url(), "HEAD", {"Accept": layers.MANIFEST}, {200, 404})
        return reply.headers.get("Docker-Content-Digest") if reply.ok else None

    def upload(self, content: Iterable[Layer]) -> None:
        """Upload the blobs that the repository hasn't."""
        with TemporaryDirectory() as folder:
            file = Path(folder, "blob")
            for layer in content:
                file.write_bytes(layer.content)
                self._check(self._registry.upload_blob(str(file), self.container, layer.descriptor), {200, 201})

    def tag(self, manifest: bytes, tag: str) -> None:
        """Give a manifest a tag, from whichever it was of."""
        self._ask(self.container.manifest_url(tag), "PUT", {"Content-Type": layers.MANIFEST}, {201}, manifest)

    def _ask(
        self, place: str, method: str, headers: dict[str, str], expected: Collection[int], content: bytes | None = None
    ) -> requests.Response:
        url = f"{self._registry.prefix}://{place}"
        return self._check(self._registry.do_request(url, method, data=content, headers=headers), expected)

    def _check(self, reply: requests.Response, expected: Collection[int]) -> requests.Response:
        if reply.status_code not in expected:
            raise EngineError(
                f"oci://{self.container.uri}: {reply.status_code} {reply.reason}: {reply.text.strip()[:500]}"
            )
        return reply


def _container(reference: str, tag: str) -> Any:  # noqa: ANN401
    name = reference.rpartition("/")[2]
    if "/" not in reference or "@" in reference or not name:
        raise InputError(f"oci://{reference}: spell it oci://HOST/REPOSITORY, with or without a :TAG")
    try:
        return Container(reference if ":" in name else f"{reference}:{tag}", registry=reference.partition("/")[0])
    except ValueError as error:
        raise InputError(f"oci://{reference}: {error}") from error


def _manifest(artifact: Artifact, config: Layer, content: Iterable[Layer]) -> bytes:
    told: dict[str, Any] = {
        "schemaVersion": 2,
        "mediaType": layers.MANIFEST,
        "config": config.descriptor,
        "layers": [layer.descriptor for layer in content],
        "annotations": {
            "org.opencontainers.image.title": artifact.name,
            "org.opencontainers.image.version": artifact.revision,
        },
    }
    return json.dumps(told, sort_keys=True).encode()


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _is_loopback(registry: str) -> bool:
    """Tell whether a registry is on this machine, where it is asked without TLS, as Docker and Conftest do."""
    host = registry.rpartition(":")[0] or registry
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
