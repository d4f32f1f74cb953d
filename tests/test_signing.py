from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import os
import stat
import subprocess
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from opa_iam import archive, library, opa, signing
from opa_iam.errors import EngineError, InputError, VerificationError
from opa_iam.signing import algorithms, digests, tokens
from polling import PollingOpa, Site
from waiting import awaited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

FILES = {
    "iam/authz/authz.rego": b"package iam.authz\n\ndefault allow := false\n",
    "iam/policies/data.json": b'{"a": {"Effect": "Allow"}}',
}
SCOPE = "production"
OPEN = "open"  # a passphrase


def bundle_files(revision: str = "1") -> dict[str, bytes]:
    manifest = {"rego_version": 1, "revision": revision, "roots": ["iam"]}
    return {**FILES, ".manifest": json.dumps(manifest).encode()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a key of each kind: release and other for ES256, rsa for RS256 and PS256, shared for HS256."""
    place = tmp_path_factory.mktemp("keys")
    for name, algorithm in (("release", "ES256"), ("other", "ES256"), ("rsa", "RS256"), ("shared", "HS256")):
        signing.make(place / name, algorithm)
    return place


@pytest.fixture(scope="module")
def key(folder: Path) -> signing.PrivateKey:
    return signing.private_key(str(folder / "release.pem"))


@dataclass(frozen=True)
class Forger:
    """Makes bundles that are not as they should be."""

    key: signing.PrivateKey
    other: signing.PrivateKey
    public: bytes

    def token(
        self, content: Mapping[str, bytes], header: Mapping[str, object] | None = None, **claims: object
    ) -> tuple[str, dict[str, Any]]:
        """What is signed of a token with other headers or claims, and the claims."""
        right = signing.Signer(self.key, SCOPE).signed(content)
        found = tokens.read(json.loads(right[".signatures.json"])["signatures"][0])
        said = {name: value for name, value in {**found.claims, **claims}.items() if value is not None}
        parts = ({**found.header, **(header or {})}, said)
        encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
        return ".".join(encoded), said

    def signed(
        self, content: Mapping[str, bytes], header: Mapping[str, object] | None = None, **claims: object
    ) -> dict[str, bytes]:
        """Files with a signature that holds, of a token with other headers or claims."""
        text, _ = self.token(content, header, **claims)
        return {**content, **signature(text, algorithms.sign(self.key.key, "ES256", text.encode()))}


def signature(text: str, *signatures: bytes) -> dict[str, bytes]:
    listed = [f"{text}.{base64.urlsafe_b64encode(each).rstrip(b'=').decode()}" for each in signatures]
    return {".signatures.json": json.dumps({"signatures": listed}).encode()}


@pytest.fixture(scope="module")
def forger(folder: Path, key: signing.PrivateKey) -> Forger:
    other = signing.private_key(str(folder / "other.pem"), "release")
    return Forger(key, other, (folder / "release.pub.pem").read_bytes())


def verified(folder: Path, packed: bytes, *references: str, scope: str | None = SCOPE) -> signing.Verified:
    keys = [signing.public_key(str(folder / reference)) for reference in references or ("release.pub.pem",)]
    place = folder / "bundle.tar.gz"
    place.write_bytes(packed)
    return signing.verify(place, keys, scope)


Forgery = dict[str, bytes] | bytes
"""Files, or an archive."""


def another_key(forger: Forger, files: dict[str, bytes]) -> Forgery:
    return signing.Signer(forger.other, SCOPE).signed(files)


def public_key_as_a_secret(forger: Forger, files: dict[str, bytes]) -> Forgery:
    text, _ = forger.token(files, {"alg": "HS256"})
    return {**files, **signature(text, hmac.digest(forger.public, text.encode(), "sha256"))}


def no_algorithm(forger: Forger, files: dict[str, bytes]) -> Forgery:
    text, _ = forger.token(files, {"alg": "none"})
    return {**files, **signature(text, b"")}


def two_signatures(forger: Forger, files: dict[str, bytes]) -> Forgery:
    text, _ = forger.token(files)
    made = algorithms.sign(forger.key.key, "ES256", text.encode())
    return {**files, **signature(text, made, made)}


def changed(name: str, content: bytes | None) -> Callable[[Forger, dict[str, bytes]], Forgery]:
    def forge(forger: Forger, files: dict[str, bytes]) -> Forgery:
        signed = forger.signed(files)
        return {each: value for each, value in {**signed, name: content}.items() if value is not None}

    return forge


def moved(forger: Forger, files: dict[str, bytes]) -> Forgery:
    signed = forger.signed(files)
    signed["iam/index/data.json"] = signed.pop("iam/policies/data.json")
    return signed


def weak_digest(forger: Forger, files: dict[str, bytes]) -> Forgery:
    _, claims = forger.token(files)
    weak = {
        "name": "iam/authz/authz.rego",
        "algorithm": "SHA-1",
        "hash": hashlib.sha1(files["iam/authz/authz.rego"]).hexdigest(),  # noqa: S324 - that is the point
    }
    return forger.signed(files, files=[weak, *(each for each in claims["files"] if each["name"] != weak["name"])])


def deeper_signature(forger: Forger, files: dict[str, bytes]) -> Forgery:
    signed = forger.signed(files)
    signed["deeper/.signatures.json"] = signed.pop(".signatures.json")
    return signed


def twice(forger: Forger, files: dict[str, bytes]) -> Forgery:
    """The file that is signed, and another of the same name."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as tar:
        for name, content in [*forger.signed(files).items(), ("iam/policies/data.json", b"{}")]:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return whole.getvalue()


def link(forger: Forger, files: dict[str, bytes]) -> Forgery:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as tar:
        for name, content in forger.signed(files).items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        member = tarfile.TarInfo("iam/link.rego")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member)
    return whole.getvalue()


def same_name_twice(forger: Forger, files: dict[str, bytes]) -> Forgery:
    return {**forger.signed(files), "iam/policies/data.json": b'{"a": 1, "a": {"Effect": "Allow"}}'}


def with_patches(forger: Forger, files: dict[str, bytes]) -> Forgery:
    patch = {"patch.json": b'{"data": [{"op": "upsert", "path": "/iam/policies/b", "value": 1}]}'}
    return {**forger.signed(files), **patch}


def delta_bundle(_: Forger, files: dict[str, bytes]) -> Forgery:
    patch = {"patch.json": b'{"data": [{"op": "upsert", "path": "/iam/policies/b", "value": 1}]}'}
    return {".manifest": files[".manifest"], **patch}


FORGERIES: dict[str, tuple[Callable[[Forger, dict[str, bytes]], Forgery], str, str | None]] = {
    # what is wrong: how it is made, why it is refused here, and why OPA refuses it; None where OPA takes it
    "no signature": (lambda _, files: files, "it is not signed", "bundle missing .signatures.json file"),
    "another key": (another_key, "the signature is not one of the key release", "failed to verify JWT signature"),
    "another key id": (
        lambda forger, files: forger.signed(files, {"kid": "other"}),
        "it is signed with the key 'other', and not with release",
        None,
    ),
    "another scope": (
        lambda forger, files: forger.signed(files, scope="test"),
        "it is signed for the scope 'test', and the scope 'production' is asked for",
        "scope mismatch",
    ),
    "no scope": (
        lambda forger, files: forger.signed(files, scope=None),
        "it is signed for no scope, and the scope 'production' is asked for",
        "scope mismatch",
    ),
    "a changed file": (
        changed("iam/policies/data.json", b'{"a": {"Effect": "Deny"}}'),
        "iam/policies/data.json: is not what was signed",
        "digest mismatch",
    ),
    "changed Rego": (
        changed("iam/authz/authz.rego", FILES["iam/authz/authz.rego"].replace(b"false", b"true")),
        "iam/authz/authz.rego: is not what was signed",
        "digest mismatch",
    ),
    "an added file": (
        changed("iam/more/data.json", b"{}"),
        "iam/more/data.json: is there, and the signature doesn't name it",
        "file iam/more/data.json not included in bundle signature",
    ),
    "a missing file": (
        changed("iam/policies/data.json", None),
        "iam/policies/data.json: is missing, and the signature names it",
        "specified in bundle signatures but not found",
    ),
    "a file under another name": (
        moved,
        "iam/index/data.json: is there, and the signature doesn't name it",
        "file iam/index/data.json not included in bundle signature",
    ),
    "no algorithm": (no_algorithm, "its algorithm is none", "failed to verify JWT signature"),
    "the public key as a secret": (public_key_as_a_secret, "its algorithm is HS256", "failed to verify JWT signature"),
    "another algorithm in the header": (
        lambda forger, files: forger.signed(files, {"alg": "none"}),
        "its algorithm is none, and that of the key release is ES256",
        None,
    ),
    "headers that must be understood": (
        lambda forger, files: forger.signed(files, {"crit": ["b64"], "b64": False}),
        "the signature is not one of the key release",
        None,
    ),
    "another key id in the claims": (
        lambda forger, files: forger.signed(files, keyid="other"),
        "it claims to be of the key 'other', and is of release",
        None,
    ),
    "two signatures": (two_signatures, "it must have one signature", "multiple JWTs not supported"),
    "a signature that is over": (
        lambda forger, files: forger.signed(files, exp=1_000_000_000),
        "the signature does not hold at this time: exp is 1000000000",
        None,
    ),
    "a signature that is not yet": (
        lambda forger, files: forger.signed(files, nbf=100_000_000_000),
        "the signature does not hold at this time: nbf is 100000000000",
        None,
    ),
    "a weak digest": (weak_digest, "iam/authz/authz.rego: its digest is of the algorithm SHA-1", None),
    "a signature elsewhere": (deeper_signature, "it is not signed", None),
    "a file twice": (twice, "iam/policies/data.json: is there 2 times", "not included in bundle signature"),
    "a link": (link, "iam/link.rego: is neither a file nor a folder", None),
    "a name twice in JSON": (same_name_twice, "a name is given twice in one object", None),
    "no files named": (
        lambda forger, files: forger.signed(files, files=[]),
        "the signature names no files",
        "not included in bundle signature",
    ),
    "patches in it": (with_patches, "patch.json: makes a delta bundle", "delta bundles do not support signature"),
    "a delta bundle": (delta_bundle, "a delta bundle can't be signed", "delta bundles do not support signature"),
}


@pytest.fixture(scope="module")
def polling(folder: Path) -> Iterator[tuple[Site, PollingOpa]]:
    """A site, and an OPA that takes `b` from there where it is signed with the release key for our scope."""
    public = (folder / "release.pub.pem").read_text("utf-8")
    with Site() as site:
        config = {
            "services": {"site": {"url": site.url}},
            "keys": {"release": {"algorithm": "ES256", "key": public}},
            "bundles": {"b": {"service": "site", "resource": "b", "signing": {"keyid": "release", "scope": SCOPE}}},
        }
        with PollingOpa(folder, config) as server:
            yield site, server


@pytest.mark.parametrize("name", FORGERIES)
def test_what_is_forged_is_refused(name: str, forger: Forger, folder: Path, polling: tuple[Site, PollingOpa]) -> None:
    """What verify says of it, and what a real OPA does: it keeps the revision that it has, or takes this one."""
    forge, reason, of_opa = FORGERIES[name]
    site, server = polling
    site.resources["b"] = archive.packed(forger.signed(bundle_files("good")))
    server.await_revision("b", "good")

    made = forge(forger, bundle_files(f"forged: {name}"))
    packed = made if isinstance(made, bytes) else archive.packed(made)
    with pytest.raises(VerificationError) as raised:
        verified(folder, packed)
    assert reason in str(raised.value)
    assert raised.value.exit_code == 1

    site.resources["b"] = packed
    if of_opa is None:
        server.await_revision("b", f"forged: {name}")
    else:
        server.await_refusal("b", of_opa)
        assert server.status("b")["active_revision"] == "good"
        assert server.data("system/bundles/b/manifest/revision") == "good"
        assert server.data("iam/policies") == {"a": {"Effect": "Allow"}}


def test_the_documentation_has_every_forgery() -> None:
    """And says of each whether OPA takes it, and with which words it refuses."""
    text = (library.root() / "docs" / "bundles.md").read_text("utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if " | refuses | " in line]
    assert [name for name, *_ in rows] == list(FORGERIES)
    for name, _, told in rows:
        _, _, of_opa = FORGERIES[name]
        if of_opa is None:
            assert told.startswith("**takes it**"), name
        else:
            verb, _, reason = told.partition(": ")
            assert verb == "refuses"
            assert reason in of_opa or of_opa in reason, name


def test_a_good_bundle_after_a_forged_one_is_taken(forger: Forger, polling: tuple[Site, PollingOpa]) -> None:
    site, server = polling
    site.resources["b"] = archive.packed(bundle_files("unsigned"))
    server.await_refusal("b", "bundle missing .signatures.json file")
    site.resources["b"] = archive.packed(forger.signed(bundle_files("recovered")))
    server.await_revision("b", "recovered")
    assert "message" not in server.status("b")


def test_two_keys_of_one_id_are_a_mistake(forger: Forger, folder: Path) -> None:
    packed = archive.packed(forger.signed(bundle_files()))
    with pytest.raises(InputError, match="two keys have the id release: tell them apart with ID=FILE"):
        verified(folder, packed, "release.pub.pem", "release.pub.pem")


def test_every_reason_is_given(forger: Forger, folder: Path) -> None:
    signed = forger.signed(bundle_files(), scope="test")
    signed["iam/new/data.json"] = signed.pop("iam/policies/data.json")
    signed["iam/authz/authz.rego"] += b"\n"
    with pytest.raises(VerificationError) as raised:
        verified(folder, archive.packed(signed))
    assert raised.value.reasons == (
        "it is signed for the scope 'test', and the scope 'production' is asked for",
        "iam/policies/data.json: is missing, and the signature names it",
        "iam/new/data.json: is there, and the signature doesn't name it",
        "iam/authz/authz.rego: is not what was signed",
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Expecting value"),
        (b"[]", "it has other members"),
        (b'{"signatures": []}', "it must have one signature"),
        (b'{"signatures": ["a.b"]}', "no signed token in the compact form"),
        (b'{"signatures": ["e30.e30.e31"]}', "not in the only form that base64url has"),
        (b'{"signatures": ["W10.W10."]}', "not both objects"),
        (b'{"signatures": ["e30.e30.AA"], "signatures": ["e30.e30.AA"]}', "a name is given twice"),
        (b'{"signatures": ["e30.e30.AA"], "plugin": "mine"}', "it has other members"),
    ],
)
def test_signatures_that_cannot_be_read(content: bytes, reason: str, folder: Path) -> None:
    with pytest.raises(VerificationError, match=r"\.signatures\.json can't be read: ") as raised:
        verified(folder, archive.packed({**bundle_files(), ".signatures.json": content}))
    assert reason in str(raised.value)


@pytest.mark.parametrize("name", ["../up.rego", "a//b.rego", "./c.rego", "/d.rego"])
def test_names_that_readers_could_take_otherwise(name: str, forger: Forger, folder: Path) -> None:
    with pytest.raises(VerificationError, match="is no plain name"):
        verified(folder, archive.packed(forger.signed({**bundle_files(), name: b"package x\n"})))


def test_what_is_no_archive(folder: Path) -> None:
    with pytest.raises(VerificationError, match="it is no archive: "):
        verified(folder, b"nothing")
    whole = archive.packed(bundle_files())
    with pytest.raises(VerificationError, match="it is no archive: "):
        verified(folder, whole[: len(whole) // 2])
    with pytest.raises(InputError, match="there is no such bundle"):
        signing.verify(folder / "nothing.tar.gz", [])


@pytest.mark.parametrize(
    ("private", "public", "algorithm"),
    [
        ("release.pem", "release.pub.pem", "ES256"),
        ("rsa.pem", "rsa.pub.pem", "RS256"),
        ("rsa.pem", "rsa.pub.pem", "PS256"),
        ("shared.secret", "shared.secret", "HS256"),
    ],
)
def test_what_is_signed_is_taken(folder: Path, tmp_path: Path, private: str, public: str, algorithm: str) -> None:
    key = signing.private_key(str(folder / private), algorithm=algorithm)
    public_key = signing.public_key(str(folder / public), algorithm)
    signer = signing.Signer(key, SCOPE)
    place = tmp_path / "bundle.tar.gz"
    place.write_bytes(archive.packed(signer.signed(bundle_files("7"))))
    name = private.split(".", maxsplit=1)[0]
    assert signing.verify(place, [public_key], SCOPE) == signing.Verified("7", name, algorithm, SCOPE, 3)
    verification = ["--verification-key", str(folder / public), "--verification-key-id", name, "--scope", SCOPE]
    output = str(tmp_path / "again.tar.gz")
    opa.run("build", "--bundle", str(place), "--output", output, *verification, "--signing-alg", algorithm)
    with pytest.raises(EngineError, match="scope mismatch"):
        opa.run(
            "build", "--bundle", str(place), "--output", output, *verification[:-1], "x", "--signing-alg", algorithm
        )


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "PS256", "HS256"])
def test_equal_files_keep_their_signature(folder: Path, algorithm: str) -> None:
    name = {"ES256": "release.pem", "HS256": "shared.secret"}.get(algorithm, "rsa.pem")
    signer = signing.Signer(signing.private_key(str(folder / name), algorithm=algorithm))
    first = signer.signed(bundle_files())
    assert signer.signed(bundle_files(), first[".signatures.json"]) == first
    assert (signer.signed(bundle_files()) == first) is (algorithm != "PS256")
    other = signer.signed(bundle_files("2"), first[".signatures.json"])
    assert other[".signatures.json"] != first[".signatures.json"]
    assert signer.signed(first) == signer.signed(bundle_files()) or algorithm == "PS256"


@pytest.mark.parametrize("earlier", [b"", b"{", b'{"signatures": []}', b'{"signatures": ["x"]}'])
def test_an_earlier_signature_that_is_none_is_not_kept(key: signing.PrivateKey, earlier: bytes) -> None:
    assert signing.Signer(key).signed(bundle_files(), earlier) == signing.Signer(key).signed(bundle_files())


def test_an_earlier_signature_that_does_not_hold_is_not_kept(forger: Forger) -> None:
    signer = signing.Signer(forger.key)
    right = signer.signed(bundle_files())
    forged = signing.Signer(forger.other).signed(bundle_files())
    assert signer.signed(bundle_files(), forged[".signatures.json"]) == right
    cut = right[".signatures.json"].replace(b'"]}', b'="]}')
    assert signer.signed(bundle_files(), cut) == right


def test_the_digests_are_those_of_opa(tmp_path: Path, folder: Path) -> None:
    odd: dict[str, Any] = {
        "plain": {"b": [1, 2, {}], "a": [], "c": {"": None, "t": True, "f": False}},
        "texts": ["\u2028\u2029", "<&>", "\x00\x1f\x7f", "\b\f\n\r\t", "é☃🙂", '"\\/', "\ufeff"],
        "names": {"z": 1, "é": 2, "Z": 3, "\U0001f642": 4, "\uffee": 5, "a/b": 6, " ": 7},
    }
    texts = {
        **{name: json.dumps(value).encode() for name, value in odd.items()},
        **{f"{name}-raw": json.dumps(value, ensure_ascii=False, indent=2).encode() for name, value in odd.items()},
        "numbers": b"[0, -0, 1.0, 1.10, 1e5, 1E+5, 123456789012345678901234567890, -1.5e-300, 1e400]",
        "integers": b"[123456789012345678, -1234567890123456789, 0, 7]",
        "few integers": b'{"b": [3, 2], "a": 1}',
        "half": b'["\\ud800", "\\udc00\\ud800", "\\ud83d\\ude42"]',
        "deep": b'{"a":' * 50 + b"1" + b"}" * 50,
    }
    files = {
        f"{name}/data.json": json.dumps({"v": "@"}).replace('"@"', text.decode()).encode()
        for name, text in texts.items()
    }
    files = {
        **files,
        ".manifest": b' {"roots": [""],\n"revision":"x"}',
        "a/b.rego": b"package a.b\r\n\n",
        "x/other.json": b"{ }",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    opa.run(
        "sign", "--bundle", ".", "--signing-key", str(folder / "shared.secret"), "--signing-alg=HS256", folder=tmp_path
    )
    token = tokens.read(json.loads((tmp_path / ".signatures.json").read_bytes())["signatures"][0])
    expected = {entry["name"]: entry["hash"] for entry in token.claims["files"]}
    assert {name: digests.of_file(name, files[name]) for name in expected} == expected
    assert expected.keys() == files.keys()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("data.json", b"{", "it is no JSON"),
        ("a/data.json", b"[NaN]", "NaN is no number"),
        ("data.json", b"\xff", "it is no JSON"),
        ("data.json", b"[" * 100_000, "it is no JSON"),
        ("data.yaml", b"a: 1", "it is YAML"),
    ],
)
def test_files_without_a_sure_digest(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        digests.of_file(name, content)


def test_two_keys_are_taken_for_a_time(folder: Path, tmp_path: Path) -> None:
    """A rotation: the old key, then both, then the new one alone, without a moment at which neither is taken."""
    keys = {name: signing.private_key(str(folder / f"{name}.pem")) for name in ("release", "other")}
    told = {name: {"algorithm": "ES256", "key": (folder / f"{name}.pub.pem").read_text("utf-8")} for name in keys}

    def packed(name: str, revision: str) -> bytes:
        return archive.packed(signing.Signer(keys[name], SCOPE).signed(bundle_files(revision)))

    both = ("release.pub.pem", "other.pub.pem")
    for name in keys:
        assert verified(folder, packed(name, "1"), *both).key_id == name
    with Site() as site:
        config = {
            "services": {"site": {"url": site.url}},
            "keys": told,
            "bundles": {"b": {"service": "site", "resource": "b", "signing": {"scope": SCOPE}}},
        }
        with PollingOpa(tmp_path, config) as server:
            for name in keys:
                site.resources["b"] = packed(name, name)
                server.await_revision("b", name)
            site.resources["b"] = archive.packed(bundle_files("unsigned"))
            server.await_refusal("b", "bundle missing .signatures.json file")
            stranger = signing.PrivateKey("stranger", "ES256", ec.generate_private_key(ec.SECP256R1()))
            site.resources["b"] = archive.packed(signing.Signer(stranger, SCOPE).signed(bundle_files("stranger")))
            server.await_refusal("b", "verification key corresponding to ID stranger not found")
            assert server.status("b")["active_revision"] == "other"


def test_a_kept_bundle_of_a_key_that_was_taken_out_is_refused(folder: Path, tmp_path: Path) -> None:
    """An OPA that persists its bundle, starts again without the server, and has the new key alone."""

    def config(url: str, name: str) -> dict[str, Any]:
        public = (folder / f"{name}.pub.pem").read_text("utf-8")
        signing_of = {"keyid": name, "scope": SCOPE}
        return {
            "services": {"site": {"url": url}},
            "keys": {name: {"algorithm": "ES256", "key": public}},
            "bundles": {"b": {"service": "site", "resource": "b", "persist": True, "signing": signing_of}},
            "persistence_directory": str(tmp_path / "kept"),
        }

    key = signing.private_key(str(folder / "release.pem"))
    with Site() as site:
        site.resources["b"] = archive.packed(signing.Signer(key, SCOPE).signed(bundle_files("kept")))
        url = site.url
        with PollingOpa(tmp_path, config(url, "release")) as server:
            server.await_revision("b", "kept")
            awaited((tmp_path / "kept" / "bundles" / "b" / "bundle.tar.gz").is_file)
    with PollingOpa(tmp_path, config(url, "release")) as server:
        awaited(lambda: server.data("system/bundles/b/manifest/revision") == "kept")
    with PollingOpa(tmp_path, config(url, "other")) as server:
        awaited(lambda: "failed to verify JWT signature" in server.printed())
        assert server.data("system/bundles") is None
        assert server.data("iam") is None


# Keys


def pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, form: str = "PKCS8", passphrase: str = "") -> str:
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        encryption = serialization.BestAvailableEncryption(passphrase.encode())
    formats = serialization.PrivateFormat
    return key.private_bytes(serialization.Encoding.PEM, getattr(formats, form), encryption).decode()


@pytest.mark.parametrize("form", ["PKCS8", "TraditionalOpenSSL"])
def test_a_key_from_the_environment(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setenv("A_KEY", pem(ec.generate_private_key(ec.SECP256R1()), form))
    found = signing.private_key("env:A_KEY", "id")
    assert (found.id, found.algorithm) == ("id", "ES256")
    with pytest.raises(InputError, match="a key from env:A_KEY needs an id"):
        signing.private_key("env:A_KEY")


def test_a_key_with_a_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "locked.pem"
    file.write_text(pem(ec.generate_private_key(ec.SECP256R1()), passphrase=OPEN), "utf-8")
    for name, passphrase, reason in (
        (None, "", "the key has a passphrase: put it into OPA_IAM_KEY_PASSPHRASE"),
        ("MINE", "", "the key has a passphrase: put it into MINE"),
        ("MINE", "shut", "the passphrase is another"),
    ):
        monkeypatch.setenv("MINE", passphrase)
        with pytest.raises(InputError, match=reason):
            signing.private_key(str(file), passphrase_env=name)
    monkeypatch.setenv("OPA_IAM_KEY_PASSPHRASE", OPEN)
    assert signing.private_key(str(file)).id == "locked"


def test_a_certificate_is_a_public_key(tmp_path: Path, key: signing.PrivateKey) -> None:
    assert isinstance(key.key, ec.EllipticCurvePrivateKey)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "release")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.key.public_key(), 1, now, now + timedelta(days=1))
    certificate = builder.sign(key.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    (tmp_path / "c.crt").write_bytes(certificate)
    assert signing.public_key(f"release={tmp_path / 'c.crt'}") == key.public


@pytest.mark.parametrize(
    ("text", "algorithm", "reason"),
    [
        ("no key", None, "no private key in PEM"),
        ("short", "HS256", "a secret for HS256 must have 32 bytes or more"),
        (
            pem(ec.generate_private_key(ec.SECP256R1())),
            "RS256",
            "RS256 needs another kind of key",
        ),
        (pem(ec.generate_private_key(ec.SECP256R1())), "HS256", "holds a key in PEM, which is no secret for HS256"),
        (pem(ec.generate_private_key(ec.SECP384R1())), None, "ES256 needs a key on the curve P-256"),
        (
            pem(rsa.generate_private_key(65537, 1024)),  # noqa: S505 - that is the point
            None,
            "an RSA key must have 2048 bits or more",
        ),
        (pem(rsa.generate_private_key(65537, 2048)), "ES256", "this one is for RS256 or PS256"),
    ],
    ids=["none", "short secret", "RS256 for EC", "secret in PEM", "P-384", "1024 bits", "ES256 for RSA"],
)
def test_keys_that_are_refused(tmp_path: Path, text: str, algorithm: str | None, reason: str) -> None:
    file = tmp_path / "key.pem"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=reason) as raised:
        signing.private_key(str(file), algorithm=algorithm)
    assert str(raised.value).startswith(f"{file}: ")


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    formats = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, formats, serialization.NoEncryption())
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "a.pem").write_bytes(private)
    (tmp_path / "a.pub.pem").write_bytes(public)
    with pytest.raises(InputError, match="OPA takes RSA keys, and elliptic ones on P-256"):
        signing.private_key(str(tmp_path / "a.pem"))
    with pytest.raises(InputError, match="OPA takes RSA keys, and elliptic ones on P-256"):
        signing.public_key(str(tmp_path / "a.pub.pem"))


def test_a_private_key_does_not_verify(folder: Path) -> None:
    with pytest.raises(InputError, match="no public key in PEM"):
        signing.public_key(str(folder / "release.pem"))


def test_keys_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the key can't be read: No such file"):
        signing.private_key(str(tmp_path / "nothing"))
    with pytest.raises(InputError, match="the environment variable NOTHING, which is to hold a key, is not set"):
        signing.public_key("x=env:NOTHING")


def test_nothing_shows_a_key(key: signing.PrivateKey, folder: Path) -> None:
    shared = signing.private_key(str(folder / "shared.secret"), algorithm="HS256")
    assert repr(shared) == "PrivateKey(id='shared', algorithm='HS256')"
    assert repr(key.public) == "PublicKey(id='release', algorithm='ES256')"


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "PS256", "HS256"])
def test_a_new_key(tmp_path: Path, algorithm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opa_iam.signing.making._RSA_BITS", 2048)
    made = signing.make(tmp_path / "keys" / "release-2026", algorithm, SCOPE, "iam")
    assert made.id == "release-2026"
    assert stat.S_IMODE(made.private.stat().st_mode) == 0o600
    assert signing.private_key(str(made.private), algorithm=algorithm).id == "release-2026"
    assert signing.public_key(str(made.public or made.private), algorithm).id == "release-2026"
    with pytest.raises(InputError, match="is there already"):
        signing.make(tmp_path / "keys" / "release-2026", algorithm)
    config = tmp_path / "opa.yaml"
    config.write_text(f"services: {{s: {{url: http://localhost}}}}\n{made.config}", "utf-8")
    done = subprocess.run(  # noqa: S603 - our own program, arguments from us
        [opa.program().path, "exec", "--config-file", str(config), "--decision", "x", "--timeout", "1s", os.devnull],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert "invalid" not in done.stderr
    assert "keyid: release-2026\n" in made.config
    assert f"scope: {SCOPE}\n" in made.config


def test_a_new_key_with_a_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPA_IAM_KEY_PASSPHRASE", OPEN)
    made = signing.make(tmp_path / "a")
    assert b"ENCRYPTED" in made.private.read_bytes()
    assert signing.private_key(str(made.private)).id == "a"


def test_half_a_key_that_is_there_already_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.pub.pem").write_text("mine", "utf-8")
    with pytest.raises(InputError, match=r"a\.pub\.pem: is there already"):
        signing.make(tmp_path / "a")
    assert [path.name for path in tmp_path.iterdir()] == ["a.pub.pem"]
