"""The algorithms of JSON Web Signatures (RFC 7518) that OPA and we know, and the keys that each of them takes."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from opa_iam.errors import InputError

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
except ImportError as error:
    raise InputError("signatures need the package cryptography: pip install 'opa-iam[sign]'") from error

if TYPE_CHECKING:
    from typing import TypeAlias

    Private: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | bytes
    Public: TypeAlias = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | bytes

ALGORITHMS = ("ES256", "RS256", "PS256", "HS256")

_COORDINATE = 32  # bytes, of a point on P-256
_RSA_BITS = 2048
_SECRET_BYTES = 32
_HASH = hashes.SHA256()


def of_key(key: Private | Public, wanted: str | None) -> str:
    """Return the algorithm of a key: the wanted one, if it is one that takes such a key, else its usual one.

    Raises:
        InputError: the key is of another kind, or is too weak.
    """
    usual = _possible(key)
    if wanted is not None and wanted not in usual:
        raise InputError(f"{wanted} needs another kind of key: this one is for {' or '.join(usual)}")
    return wanted or usual[0]


def sign(key: Private, algorithm: str, text: bytes) -> bytes:
    """Return a signature. The same text has the same one, but with PS256, which takes a new salt each time."""
    if isinstance(key, bytes):
        return hmac.digest(key, text, "sha256")
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(text, _padding(algorithm), _HASH)
    first, second = utils.decode_dss_signature(key.sign(text, ec.ECDSA(_HASH, deterministic_signing=True)))
    return first.to_bytes(_COORDINATE) + second.to_bytes(_COORDINATE)


def is_signature(key: Public, algorithm: str, text: bytes, signature: bytes) -> bool:
    """Tell whether a signature of a text was made with a key."""
    if isinstance(key, bytes):
        return hmac.compare_digest(hmac.digest(key, text, "sha256"), signature)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, text, _padding(algorithm), _HASH)
        elif len(signature) == 2 * _COORDINATE:
            numbers = (int.from_bytes(signature[:_COORDINATE]), int.from_bytes(signature[_COORDINATE:]))
            key.verify(utils.encode_dss_signature(*numbers), text, ec.ECDSA(_HASH))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _possible(key: Private | Public) -> tuple[str, ...]:
    if isinstance(key, bytes):
        if len(key) < _SECRET_BYTES:
            raise InputError(f"a secret for HS256 must have {_SECRET_BYTES} bytes or more (RFC 7518, 3.2)")
        return ("HS256",)
    if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey):
        if key.key_size < _RSA_BITS:
            raise InputError(f"an RSA key must have {_RSA_BITS} bits or more (RFC 7518, 3.3)")
        return ("RS256", "PS256")
    if not isinstance(key.curve, ec.SECP256R1):
        raise InputError(f"ES256 needs a key on the curve P-256, and this one is on {key.curve.name}")
    return ("ES256",)


def _padding(algorithm: str) -> padding.AsymmetricPadding:
    if algorithm == "PS256":
        return padding.PSS(padding.MGF1(_HASH), padding.PSS.DIGEST_LENGTH)
    return padding.PKCS1v15()
