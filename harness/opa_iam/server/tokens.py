"""Who may ask: a folder of bearer tokens, one file for each thing that a token opens.

`bundles` opens the bundles, `reports` the places where OPAs send status and decision logs, `fleet` the page about them.
Each file has a token on every line, so that an old and a new one are accepted for a time; without the file, nobody is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opa_iam.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ROLES = ("bundles", "reports", "fleet")
"""What there is to open."""

_SHORTEST = 16  # characters


@dataclass(frozen=True)
class Tokens:
    """Digests of the tokens by what they open; None where everybody may do everything."""

    digests: Mapping[str, tuple[bytes, ...]] | None

    def open(self, role: str, authorization: bytes) -> bool:
        """Tell whether an Authorization header opens something, in a time that says nothing of the tokens."""
        if self.digests is None:
            return True
        given = _digest(_token(authorization))
        matches = [hmac.compare_digest(given, known) for known in self.digests[role]]
        return any(matches)

    @property
    def closed(self) -> tuple[str, ...]:
        """What no token opens."""
        return () if self.digests is None else tuple(role for role in ROLES if not self.digests[role])


EVERYBODY = Tokens(None)
"""Nobody needs a token."""


def make(folder: Path) -> None:
    """Make a folder with a new token in each file.

    Raises:
        InputError: it can't be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True)
        for role in ROLES:
            file = folder / role
            file.touch(mode=0o600)
            file.write_text(f"{secrets.token_urlsafe(32)}\n", "ascii")
    except OSError as error:
        raise InputError(f"{folder}: can't be made: {error.strerror}") from error


def read(folder: Path) -> Tokens:
    """Read a folder of tokens.

    Raises:
        InputError: it can't be read, has no token at all, one too short to be safe, or one that opens two things.
    """
    found = {role: _tokens(folder / role) for role in ROLES}
    every = [token for tokens in found.values() for token in set(tokens)]
    if not every:
        raise InputError(f"{folder}: none of the files {', '.join(ROLES)} has a token")
    if len(set(every)) < len(every):
        raise InputError(f"{folder}: a token stands in two files; each must open one thing")
    return Tokens({role: tuple(map(_digest, tokens)) for role, tokens in found.items()})


def _tokens(file: Path) -> tuple[bytes, ...]:
    try:
        lines = [line.strip() for line in file.read_bytes().splitlines()] if file.exists() else []
    except OSError as error:
        raise InputError(f"{file}: can't be read: {error.strerror}") from error
    found = tuple(line for line in lines if line)
    if any(len(token) < _SHORTEST for token in found):
        raise InputError(f"{file}: a token has fewer than {_SHORTEST} characters")
    return found


def _token(authorization: bytes) -> bytes:
    """Return the token of a header: a bearer's, or the password that a browser asks its user for."""
    scheme, _, value = authorization.strip().partition(b" ")
    if scheme.lower() == b"bearer":
        return value.strip()
    if scheme.lower() == b"basic":
        try:
            return base64.b64decode(value.strip(), validate=True).partition(b":")[2]
        except ValueError:
            return b""
    return b""


def _digest(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()
