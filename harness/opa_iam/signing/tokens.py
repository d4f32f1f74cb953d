"""JSON Web Tokens in their compact form (RFC 7515), signed with one key and read without mercy."""

from __future__ import annotations

import base64
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opa_iam.signing import algorithms

if TYPE_CHECKING:
    from opa_iam.signing.keys import PrivateKey, PublicKey

_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)")


@dataclass(frozen=True)
class Token:
    """A token, as it came: nothing of it is to be believed before `is_signed_by`."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes

    def is_signed_by(self, key: PublicKey) -> bool:
        """Tell whether the signature is the key's, made with the key's algorithm."""
        return algorithms.is_signature(key.key, key.algorithm, self.signed, self.signature)


def make(claims: dict[str, Any], key: PrivateKey, earlier: str | None = None) -> str:
    """Return a signed token.

    Args:
        claims: what it says.
        key: who says it.
        earlier: a token that is returned again where it says the same with the same key: signatures of PS256 differ.
    """
    header = {"alg": key.algorithm, "kid": key.id, "typ": "JWT"}
    signed = f"{_encoded(_json(header))}.{_encoded(_json(claims))}"
    if earlier and earlier.startswith(f"{signed}."):
        with suppress(ValueError):
            if read(earlier).is_signed_by(key.public):
                return earlier
    return f"{signed}.{_encoded(algorithms.sign(key.key, key.algorithm, signed.encode()))}"


def read(text: str) -> Token:
    """Return the parts of a token.

    Raises:
        ValueError: it is none.
    """
    found = _COMPACT.fullmatch(text)
    if not found:
        raise ValueError("it is no signed token in the compact form")
    header, claims = (json.loads(_decoded(part), object_pairs_hook=once) for part in found.groups()[:2])
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise ValueError("its header and its claims are not both objects")  # noqa: TRY004 - all are one error
    return Token(header, claims, text.rpartition(".")[0].encode(), _decoded(found[3]))


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; a name given twice is an error, since readers differ in which one holds."""
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name is given twice in one object")
    return value


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _encoded(content) != text:
        raise ValueError("a part of it is not in the only form that base64url has for it")
    return content
