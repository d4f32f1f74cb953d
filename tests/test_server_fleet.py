"""The bundle server and real OPAs: what happens to what they decide, and what is to be seen of it."""

from __future__ import annotations

import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests
import yaml

import real_parts
from opa_iam import library, signing
from serving import BundleServer, Opa, archive_with, changed, put, signed, small_bundle, wait

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[BundleServer]:
    made = BundleServer(tmp_path)
    (made.bundles / "iam.tar.gz").write_bytes(small_bundle("1", "s3:GetObject"))
    with made:
        yield made


def bundle_of(server: BundleServer, name: str = "one") -> dict[str, object]:
    bundles = server.seen(name).get("bundles", [])
    return bundles[0] if bundles else {}


@pytest.mark.parametrize(("options", "kind"), [((), "snapshot"), (("--delta",), "delta")])
def test_an_opa_gets_new_revisions_at_once(tmp_path: Path, options: tuple[str, ...], kind: str) -> None:
    server = BundleServer(tmp_path, *options)
    (server.bundles / "iam.tar.gz").write_bytes(small_bundle("1", "s3:GetObject"))
    with server, Opa(tmp_path, server.url) as opa:
        assert opa.decide("s3:GetObject") == {"allow": True, "revision": "1"}
        started = time.monotonic()
        server.publish("iam", small_bundle("2", "s3:PutObject"), "2")
        opa.await_revision("2")
        assert time.monotonic() - started < 10, "it waited for the end of its poll"
        assert opa.decide("s3:GetObject") == {"allow": False, "revision": "2"}
        wait(lambda: bundle_of(server).get("revision") == "2")
        assert server.seen("one")["stale"] is False
        assert opa.status()["type"] == kind


def test_the_fleet_shows_who_runs_what_and_what_is_denied(server: BundleServer, tmp_path: Path) -> None:
    with Opa(tmp_path, server.url) as opa:
        for action in ("s3:GetObject", "s3:DeleteObject", "s3:DeleteObject"):
            opa.decide(action)
        wait(lambda: server.fleet()["decisions"]["kept"] >= 3)
        fleet = server.fleet()
        (seen,) = fleet["opas"]
        assert (seen["labels"], seen["state"]) == ({"name": "one"}, "current")
        assert seen["version"].startswith("1.")
        assert fleet["denied_most"][0]["action"] == "s3:DeleteObject"
        assert fleet["denied_most"][0]["count"] == 2
        assert sum(minute["allowed"] for minute in fleet["decisions"]["minutes"]) == 1
        assert sum(minute["denied"] for minute in fleet["decisions"]["minutes"]) == 2
        (bundle,) = seen["bundles"]
        assert (bundle["name"], bundle["revision"], bundle["error"]) == ("iam", "1", "")


SIGNING: dict[str, Any] = {
    "keys": {"fleet": {"key": "the-key-of-the-fleet", "algorithm": "HS256"}},
    "bundle": {"signing": {"keyid": "fleet", "scope": "iam"}},
}


def test_what_must_not_be_loaded_is_not_and_the_fleet_says_so(tmp_path: Path) -> None:
    server = BundleServer(tmp_path, "--delta")
    (server.bundles / "iam.tar.gz").write_bytes(signed(small_bundle("good-1", "s3:GetObject"), tmp_path))
    evil = signed(small_bundle("evil", "s3:GetObject", "s3:DeleteBucket"), tmp_path)
    bad = {
        "tampered": (
            changed(evil, "data.json", b"s3:DeleteBucket", b"s3:DeleteObject"),
            "data.json: digest mismatch",
        ),
        "unsigned": (small_bundle("evil", "s3:DeleteBucket"), "missing .signatures.json"),
        "of another scope": (
            signed(small_bundle("evil", "s3:DeleteBucket"), tmp_path, scope="test"),
            "scope mismatch",
        ),
        "of another key": (
            signed(small_bundle("evil", "s3:DeleteBucket"), tmp_path, key="the-key-of-somebody"),
            "signature",
        ),
        "with one file more": (
            archive_with(evil, "more/data.json", b'{"iam": {"allowed": ["s3:DeleteBucket"]}}'),
            "more/data.json",
        ),
    }
    with server, Opa(tmp_path, server.url, **SIGNING) as opa:
        for round_, (kind, (content, reason)) in enumerate(bad.items(), start=2):
            server.publish("iam", content, "evil")
            wait(lambda: server.seen("one").get("state") == "failing", opa.printed)
            shown = bundle_of(server)
            assert reason in str(shown["error"]), kind
            assert shown["revision"] == f"good-{round_ - 1}", kind
            assert opa.decide("s3:GetObject") == {"allow": True, "revision": f"good-{round_ - 1}"}, kind
            assert opa.decide("s3:DeleteBucket")["allow"] is False, kind
            page = server.get("/fleet", "fleet").text
            assert "failing" in page, kind
            assert "0 of 1 OPA runs what is served" in page, kind
            server.publish("iam", signed(small_bundle(f"good-{round_}", "s3:GetObject"), tmp_path), f"good-{round_}")
            opa.await_revision(f"good-{round_}")
            wait(lambda: server.seen("one")["state"] == "current", opa.printed)
            assert reason in str(bundle_of(server)["last_error"]), kind
        assert opa.status()["type"] == "snapshot", "a delta has no signature"


def test_an_opa_that_keeps_its_bundle_takes_no_delta_and_gets_the_whole(tmp_path: Path) -> None:
    server = BundleServer(tmp_path, "--delta")
    (server.bundles / "iam.tar.gz").write_bytes(small_bundle("1", "s3:GetObject"))
    with server, Opa(tmp_path, server.url, bundle={"persist": True}) as opa:
        for revision in ("2", "3"):
            server.publish("iam", small_bundle(revision, "s3:PutObject"), revision)
            opa.await_revision(revision)
        assert "persisting delta bundle to disk is not supported" in opa.printed()


def test_while_the_server_is_down_opas_decide_as_before_and_come_back_by_themselves(
    server: BundleServer, tmp_path: Path
) -> None:
    with Opa(tmp_path, server.url) as opa, Opa(tmp_path, server.url, "keeper", bundle={"persist": True}) as keeper:
        assert opa.decide("s3:GetObject")["allow"] is True
        server.stop(signal.SIGKILL)
        for each in (opa, keeper):
            assert each.decide("s3:GetObject") == {"allow": True, "revision": "1"}
            each.stop(signal.SIGKILL)
        opa.start(ready=False)
        keeper.start()
        assert opa.decide("s3:GetObject") == {}, "without a bundle nothing is decided"
        assert opa.health() is False
        assert keeper.decide("s3:GetObject") == {"allow": True, "revision": "1"}
        (server.bundles / "iam.tar.gz").write_bytes(small_bundle("2", "s3:PutObject"))
        server.start()
        for each in (opa, keeper):
            each.await_revision("2")
            assert each.decide("s3:GetObject")["allow"] is False
            assert each.health()
        # The killed ones have other ids now, and are still there to be asked about.
        wait(lambda: [seen["state"] for seen in server.fleet()["opas"]].count("current") == 2, opa.printed)


def test_an_opa_that_is_gone_is_silent(tmp_path: Path) -> None:
    server = BundleServer(tmp_path, "--silent-after", "2")
    (server.bundles / "iam.tar.gz").write_bytes(small_bundle("1", "s3:GetObject"))
    polling = {"min_delay_seconds": 0, "max_delay_seconds": 1, "long_polling_timeout_seconds": 1}
    with server, Opa(tmp_path, server.url, bundle={"polling": polling}) as opa:
        wait(lambda: server.seen("one").get("state") == "current", opa.printed)
        first = server.seen("one")["last_report"]
        wait(lambda: server.seen("one")["last_report"] > first, opa.printed)  # that nothing is new is news
        opa.stop(signal.SIGKILL)
        wait(lambda: server.seen("one")["state"] == "silent")
        assert server.seen("one")["stale"] is True
        opa.start()
        wait(lambda: {seen["state"] for seen in server.fleet()["opas"]} == {"silent", "current"}, opa.printed)


@pytest.mark.slow
def test_when_the_network_is_cut_nothing_changes_and_afterwards_all_comes_right(
    server: BundleServer, tmp_path: Path
) -> None:
    iptables = real_parts.needs("iptables")

    def network(verb: str) -> None:
        for end in ("--dport", "--sport"):
            rule = ["INPUT", "-i", "lo", "-p", "tcp", end, str(server.port), "-j", "DROP"]
            done = subprocess.run([iptables, "-w", verb, *rule], capture_output=True, text=True, check=False)  # noqa: S603
            if done.returncode:
                real_parts.missing(f"the network can't be cut here: {done.stderr}")

    with Opa(tmp_path, server.url) as opa, Opa(tmp_path, server.url, "steady") as steady:
        network("-A")
        try:
            put(server.bundles / "iam.tar.gz", small_bundle("2", "s3:PutObject"))
            with pytest.raises(requests.ConnectionError):
                requests.get(server.url, timeout=3)
            wait(lambda: "revision 2" in server.printed())
            for each in (opa, steady):
                assert each.decide("s3:GetObject") == {"allow": True, "revision": "1"}
            opa.stop(signal.SIGKILL)
            opa.launch()  # it may not listen before its first report has timed out, half a minute later
            assert opa.health() is False
        finally:
            network("-D")
        wait(opa.health, opa.printed)
        for each in (opa, steady):
            each.await_revision("2")
            assert each.decide("s3:GetObject") == {"allow": False, "revision": "2"}
        wait(lambda: [seen["state"] for seen in server.fleet()["opas"]].count("current") == 2, opa.printed)


def test_the_end_of_the_server_wakes_who_waits(tmp_path: Path) -> None:
    server = BundleServer(tmp_path)
    (server.bundles / "iam.tar.gz").write_bytes(small_bundle("1", "s3:GetObject"))
    polling = {"min_delay_seconds": 1, "max_delay_seconds": 2, "long_polling_timeout_seconds": 300}
    with server, Opa(tmp_path, server.url, bundle={"polling": polling}) as opa:
        opa.await_revision("1")
        started = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - started < 8, "it waited for the polls to end, or for the time given to them"
        assert opa.decide("s3:GetObject") == {"allow": True, "revision": "1"}


def test_a_project_is_served_signed_and_in_two_parts_as_it_says(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    made = signing.make(folder / "fleet-1", "ES256", "prod", "shop")
    role = "{name: Reader, tags: {team: tools}}"
    (folder / "bundle.yaml").write_text(
        f"name: shop\nsplit: true\nsigning: {{key: fleet-1.pem, scope: prod}}\n"
        f'accounts:\n  "111122223333": {{roles: [{role}]}}\n'
    )
    told = yaml.safe_load(made.config)
    config = {"names": ["shop-rego", "shop-data"], "keys": told["keys"], "bundle": told["bundles"]["shop"]}
    server = BundleServer(tmp_path, sources=folder)
    with server, Opa(tmp_path, server.url, **config) as opa:
        assert [(one["name"], one["signed"]) for one in server.fleet()["bundles"]] == [
            ("shop-rego", True),
            ("shop-data", True),
        ]
        rego, data = server.serves("shop-rego"), server.serves("shop-data")
        assert opa.revision() == data
        file = folder / "bundle.yaml"
        file.write_text(file.read_text().replace("tools", "shop"))
        wait(lambda: server.serves("shop-data") != data, server.printed)
        opa.await_revision(str(server.serves("shop-data")))
        assert server.serves("shop-rego") == rego
        wait(lambda: server.seen("one")["state"] == "current", opa.printed)
        assert {bundle["name"]: bundle["last_error"] for bundle in server.seen("one")["bundles"]} == {
            "shop-data": "",
            "shop-rego": "",
        }


def test_the_configuration_that_the_document_shows_works(tmp_path: Path) -> None:
    text = (library.root() / "docs" / "bundle-server.md").read_text("utf-8")
    shown = text.split("```yaml\n")[1].split("```")[0]
    server = BundleServer(tmp_path, sources=tmp_path / "build")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "bundle.tar.gz").write_bytes(small_bundle("1", "s3:GetObject"))
    opa = Opa(tmp_path, server.url)
    opa.config.write_text(shown.replace("http://127.0.0.1:8182", server.url))
    opa.working_folder = tmp_path
    with server, opa:
        assert opa.decide("s3:GetObject") == {"allow": True, "revision": "1"}
        wait(lambda: server.seen("checkout").get("state") == "current", opa.printed)
        wait(lambda: server.fleet()["decisions"]["kept"], opa.printed)
