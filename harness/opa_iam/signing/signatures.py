"""A bundle's signature: made, and verified."""

from __future__ import annotations

import json
import posixpath
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opa_iam import archive
from opa_iam.building import MANIFEST, SIGNATURES
from opa_iam.errors import EngineError, InputError, VerificationError
from opa_iam.signing import digests, tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from opa_iam.signing.keys import PrivateKey, PublicKey
    from opa_iam.signing.tokens import Token

    Member = tuple[str, bool, bytes]
    """A name, whether it is a file, and its content."""

_PATCHES = "patch.json"


@dataclass(frozen=True)
class Signer:
    """Signs bundles.

    Attributes:
        key: with which key.
        scope: what the bundles are for; OPA takes a bundle of its own scope alone.
    """

    key: PrivateKey
    scope: str | None = None

    def signed(self, files: Mapping[str, bytes], earlier: bytes | None = None) -> dict[str, bytes]:
        """Return a bundle's files and its signature.

        Args:
            files: the files by their names; an earlier signature among them is left out.
            earlier: what a `.signatures.json` had, which is kept where it signs the same with the same key.
        """
        content = {name: each for name, each in files.items() if name != SIGNATURES}
        listed = [
            {"algorithm": digests.ALGORITHM, "hash": digests.of_file(name, content[name]), "name": name}
            for name in sorted(content)
        ]
        claims: dict[str, Any] = {"files": listed, "keyid": self.key.id}
        if self.scope:
            claims["scope"] = self.scope
        token = tokens.make(claims, self.key, _earlier_token(earlier))
        return {**content, SIGNATURES: json.dumps({"signatures": [token]}).encode()}


@dataclass(frozen=True)
class Verified:
    """What is sure of a bundle.

    Attributes:
        revision: its revision.
        key_id: whose signature it has.
        algorithm: how it is signed.
        scope: what it is for.
        files: how many files the signature names, which are all that there are.
    """

    revision: str
    key_id: str
    algorithm: str
    scope: str | None
    files: int


def verify(place: Path, keys: Collection[PublicKey], scope: str | None = None) -> Verified:
    """Verify a bundle's archive: that one of the keys has signed it, for this scope, as it is.

    Raises:
        InputError: there is no such file, or two keys have the id that the signature names.
        VerificationError: no, for the reasons that it gives.
    """
    members = _members_of(place)
    content = {_name(name): each for name, _, each in members}
    if SIGNATURES not in content:
        raise VerificationError(place, [_unsigned(content)])
    token = _read_token(place, content[SIGNATURES])
    key = _key(place, token, keys)
    reasons = [*_claims(token, key, scope), *_members(members), *_files(token, content)]
    if reasons:
        raise VerificationError(place, reasons)
    manifest = json.loads(content.get(MANIFEST, b"{}"))
    revision = manifest.get("revision") if isinstance(manifest, dict) else None
    return Verified(str(revision or ""), key.id, key.algorithm, scope, len(token.claims["files"]))


def _members_of(place: Path) -> list[Member]:
    if not place.is_file():
        raise InputError(f"{place}: there is no such bundle")
    try:
        return list(archive.members(place))
    except EngineError as error:
        raise VerificationError(place, [f"it is no archive: {error.__cause__}"]) from error


def _unsigned(content: Mapping[str, bytes]) -> str:
    if _PATCHES in content:
        return "a delta bundle can't be signed: verify the bundles that it lies between"
    return f"it is not signed: there is no {SIGNATURES}"


def _token(content: bytes) -> str:
    """Return the one token of a `.signatures.json`.

    Raises:
        ValueError: it is not what OPA reads.
    """
    value = json.loads(content, object_pairs_hook=tokens.once)
    if not isinstance(value, dict) or value.keys() - {"signatures", "plugin"} or value.get("plugin"):
        raise ValueError("it has other members than `signatures`")
    listed = value.get("signatures")
    if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], str):
        raise ValueError("it must have one signature")
    return listed[0]


def _earlier_token(content: bytes | None) -> str | None:
    try:
        return _token(content) if content else None
    except (ValueError, RecursionError):
        return None


def _read_token(place: Path, content: bytes) -> Token:
    try:
        return tokens.read(_token(content))
    except (ValueError, RecursionError) as error:
        raise VerificationError(place, [f"{SIGNATURES} can't be read: {error}"]) from error


def _key(place: Path, token: Token, keys: Collection[PublicKey]) -> PublicKey:
    """Return the key that a token names, if it is that which has signed it, with its own algorithm."""
    named = token.header.get("kid")
    found = [key for key in keys if key.id == named]
    if len(found) > 1:
        raise InputError(f"two keys have the id {named}: tell them apart with ID=FILE")
    if not found:
        known = ", ".join(sorted(key.id for key in keys))
        raise VerificationError(place, [f"it is signed with the key {named!r}, and not with {known}"])
    (key,) = found
    if token.header.get("alg") != key.algorithm:
        told = token.header.get("alg")
        raise VerificationError(place, [f"its algorithm is {told}, and that of the key {key.id} is {key.algorithm}"])
    if "crit" in token.header or not token.is_signed_by(key):
        raise VerificationError(place, [f"the signature is not one of the key {key.id}"])
    return key


def _claims(token: Token, key: PublicKey, scope: str | None) -> Iterator[str]:
    claims, now = token.claims, time.time()
    if claims.get("scope") != scope:
        told, wanted = (f"the scope {each!r}" if each else "no scope" for each in (claims.get("scope"), scope))
        yield f"it is signed for {told}, and {wanted} is asked for"
    if claims.get("keyid", key.id) != key.id:
        yield f"it claims to be of the key {claims['keyid']!r}, and is of {key.id}"
    for name, sign in (("exp", 1), ("nbf", -1)):
        if name in claims and (not isinstance(claims[name], int | float) or sign * (claims[name] - now) <= 0):
            yield f"the signature does not hold at this time: {name} is {claims[name]}"


def _members(members: list[Member]) -> Iterator[str]:
    """Tell which of an archive's members are not as OPA writes them, so that readers could differ about them."""
    for name, count in sorted(Counter(_name(name) for name, _, _ in members).items()):
        if count > 1:
            yield f"{name}: is there {count} times"
    for name, is_file, _ in members:
        if not is_file:
            yield f"{name}: is neither a file nor a folder"
        elif _name(name) != posixpath.normpath(_name(name)) or _name(name).startswith(("/", "..")):
            yield f"{name}: is no plain name"
        elif posixpath.basename(name) == SIGNATURES and _name(name) != SIGNATURES:
            yield f"{name}: a signature must lie at the top"
        elif posixpath.basename(name) == _PATCHES:
            yield f"{name}: makes a delta bundle of it, which can't be signed"


def _files(token: Token, content: Mapping[str, bytes]) -> Iterator[str]:
    """Tell how an archive differs from what the signature says of it."""
    claimed: dict[str, dict[str, Any]] = {}
    listed = token.claims.get("files")
    for entry in listed if isinstance(listed, list) else []:
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or name in claimed:
            yield f"the signature names {name!r} twice" if name in claimed else "the signature names what is no file"
            return
        claimed[name] = entry
    if not claimed:
        yield "the signature names no files"
    present = content.keys() - {SIGNATURES}
    yield from (f"{name}: is missing, and the signature names it" for name in sorted(claimed.keys() - present))
    yield from (f"{name}: is there, and the signature doesn't name it" for name in sorted(present - claimed.keys()))
    for name in sorted(claimed.keys() & present):
        yield from _digest(name, content[name], claimed[name])


def _digest(name: str, content: bytes, claim: Mapping[str, Any]) -> Iterator[str]:
    try:
        digest = digests.of_file(name, content, str(claim.get("algorithm")))
    except (ValueError, RecursionError) as error:
        yield f"{name}: {error}"
        return
    if claim.get("hash") != digest:
        yield f"{name}: is not what was signed"


def _name(name: str) -> str:
    """Return a member's name as a signature has it."""
    return name.removeprefix("/")
