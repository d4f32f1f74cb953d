"""Keys: from files and environment variables, in PEM, PKCS#8 with a passphrase too, or as a shared secret.

A key has an id, under which OPA's configuration has its other half. Where none is given, it is the name of the key's
file: `release-2026` for release-2026.pem and for release-2026.pub.pem.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from opa_iam.errors import InputError
from opa_iam.signing import algorithms

if TYPE_CHECKING:
    from opa_iam.signing.algorithms import Private, Public

PASSPHRASE = "OPA_IAM_KEY_PASSPHRASE"  # noqa: S105 - where it is looked for
"""The environment variable that holds a private key's passphrase, where no other is named."""

_ENVIRONMENT = "env:"
_ENDINGS = (".pem", ".pub", ".key", ".secret", ".crt")
_SECRET = "HS256"  # noqa: S105 - the algorithm that takes one


@dataclass(frozen=True)
class PublicKey:
    """What verifies signatures; with HS256, the secret that makes them as well."""

    id: str
    algorithm: str
    key: Public = field(repr=False)


@dataclass(frozen=True)
class PrivateKey:
    """What makes signatures."""

    id: str
    algorithm: str
    key: Private = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """The key that verifies what this one signs."""
        return PublicKey(self.id, self.algorithm, self.key if isinstance(self.key, bytes) else self.key.public_key())


def private_key(
    reference: str, key_id: str | None = None, algorithm: str | None = None, passphrase_env: str | None = None
) -> PrivateKey:
    """Return a private key.

    Args:
        reference: the key's file, or `env:NAME` for an environment variable that holds the key itself.
        key_id: the key's id.
        algorithm: how it signs; None for ES256 or RS256, by the key. A secret needs HS256 to be said.
        passphrase_env: the environment variable that holds the passphrase.

    Raises:
        InputError: there is no such key, it can't be read, or it is not one for the algorithm.
    """
    key_id, text = key_id or _id(reference), _content(reference)
    key = _secret(text, reference) if algorithm == _SECRET else _private(text, reference, passphrase_env)
    return PrivateKey(key_id, _algorithm(key, algorithm, reference), key)


def public_key(reference: str, algorithm: str | None = None) -> PublicKey:
    """Return a key that verifies.

    Args:
        reference: what `private_key` takes, or `ID=` and that; a certificate is a key as well.
        algorithm: the only one that is taken of a signature; see `private_key`.

    Raises:
        InputError: see `private_key`.
    """
    told, found, place = reference.rpartition("=")
    key_id, text = told if found else _id(place), _content(place)
    key = _secret(text, place) if algorithm == _SECRET else _public(text, place)
    return PublicKey(key_id, _algorithm(key, algorithm, place), key)


def _content(reference: str) -> bytes:
    if reference.startswith(_ENVIRONMENT):
        name = reference.removeprefix(_ENVIRONMENT)
        if not os.environ.get(name):
            raise InputError(f"the environment variable {name}, which is to hold a key, is not set")
        return os.environ[name].encode()
    try:
        return Path(reference).read_bytes()
    except OSError as error:
        raise InputError(f"{reference}: the key can't be read: {error.strerror}") from error


def _id(reference: str) -> str:
    if reference.startswith(_ENVIRONMENT):
        raise InputError(f"a key from {reference} needs an id: its name in OPA's configuration")
    file = Path(reference)
    while file.suffix in _ENDINGS:
        file = file.with_suffix("")
    return file.name


def _algorithm(key: Private | Public, wanted: str | None, reference: str) -> str:
    try:
        return algorithms.of_key(key, wanted)
    except InputError as error:
        raise InputError(f"{reference}: {error}") from error


def _secret(text: bytes, reference: str) -> bytes:
    """Return a secret; a public key that were taken for one would be known to all."""
    if b"-----BEGIN" in text:
        raise InputError(f"{reference}: holds a key in PEM, which is no secret for {_SECRET}")
    return text.rstrip(b"\r\n")


def _private(text: bytes, reference: str, passphrase_env: str | None) -> Private:
    passphrase = os.environ.get(passphrase_env or PASSPHRASE)
    is_encrypted = b"ENCRYPTED" in text
    if is_encrypted and not passphrase:
        raise InputError(f"{reference}: the key has a passphrase: put it into {passphrase_env or PASSPHRASE}")
    try:
        key = serialization.load_pem_private_key(text, passphrase.encode() if is_encrypted and passphrase else None)
    except (ValueError, UnsupportedAlgorithm) as error:
        kind = "no private key in PEM" + (", or the passphrase is another" if is_encrypted else "")
        raise InputError(f"{reference}: {kind}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise InputError(f"{reference}: OPA takes RSA keys, and elliptic ones on P-256")
    return key


def _public(text: bytes, reference: str) -> Public:
    try:
        certified = x509.load_pem_x509_certificate(text).public_key() if b"CERTIFICATE" in text else None
        key = certified or serialization.load_pem_public_key(text)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError(f"{reference}: no public key in PEM") from error
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise InputError(f"{reference}: OPA takes RSA keys, and elliptic ones on P-256")
    return key
