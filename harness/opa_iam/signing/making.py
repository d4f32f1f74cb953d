"""New keys, and what OPA must be told of them."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from opa_iam.errors import InputError
from opa_iam.signing.keys import PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

_RSA_BITS = 3072
_EXPONENT = 65537


@dataclass(frozen=True)
class Made:
    """A new key.

    Attributes:
        id: its id.
        private: the file of the private key, or of the secret.
        public: the file of the public key; None for a secret.
        config: what goes into the configuration of an OPA that verifies with it, as YAML.
    """

    id: str
    private: Path
    public: Path | None
    config: str


def make(target: Path, algorithm: str = "ES256", scope: str | None = None, bundle: str = "iam") -> Made:
    """Make a key: TARGET.pem and TARGET.pub.pem, or TARGET.secret, with the last part of TARGET as its id.

    Where the environment has a passphrase, the private key is encrypted with it.

    Args:
        target: where, without an ending.
        algorithm: how it will sign.
        scope: which scope the configuration asks for.
        bundle: which bundle of the configuration is verified with it.

    Raises:
        InputError: one of the files is there already, or can't be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    public: Path | None = None
    if algorithm == "HS256":
        private, told = target.with_name(f"{target.name}.secret"), secrets.token_urlsafe(48)
        _write(private, told.encode(), 0o600)
    else:
        private, public = (target.with_name(f"{target.name}{ending}") for ending in (".pem", ".pub.pem"))
        if public.exists():
            raise InputError(f"{public}: is there already")
        key = ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else _rsa()
        _write(private, _private(key), 0o600)
        told = _public(key)
        _write(public, told.encode(), 0o644)
    return Made(target.name, private, public, _config(target.name, algorithm, told, scope, bundle))


def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(_EXPONENT, _RSA_BITS)


def _private(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    passphrase = os.environ.get(PASSPHRASE)
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        encryption = serialization.BestAvailableEncryption(passphrase.encode())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def _public(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def _write(file: Path, content: bytes, mode: int) -> None:
    """Write a new file, which nobody else can read for a moment either."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
            stream.write(content)
    except OSError as error:
        reason = "is there already" if isinstance(error, FileExistsError) else f"can't be written: {error.strerror}"
        raise InputError(f"{file}: {reason}") from error


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they are."""


def _config(key_id: str, algorithm: str, told: str, scope: str | None, bundle: str) -> str:
    signing = {"keyid": key_id, **({"scope": scope} if scope else {})}
    config = {"keys": {key_id: {"algorithm": algorithm, "key": told}}, "bundles": {bundle: {"signing": signing}}}
    return yaml.dump(config, Dumper=_Dumper, sort_keys=False)


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)
