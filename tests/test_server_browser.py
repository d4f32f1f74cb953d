"""The fleet page in a real browser, on a desktop and on a phone."""

from __future__ import annotations

import base64
import subprocess
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

import pytest
import requests

import real_parts
from serving import SECONDS, TOKENS, BundleServer, small_bundle, wait
from waiting import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LONG = (
    "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForSomethingWithAVeryLongNameIndeed/session-0123456789abcdef"
)


class Browser:
    """Chromium without a window, spoken to through its driver as WebDriver has it."""

    def __init__(self, folder: Path) -> None:
        driver, browser = real_parts.needs("chromedriver"), real_parts.needs("chromium")
        port = free_port()
        self._driver = subprocess.Popen([driver, f"--port={port}"], stdout=subprocess.DEVNULL)  # noqa: S603
        self._url = f"http://127.0.0.1:{port}"
        wait(self._answers)
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
        options = {"binary": browser, "args": arguments}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        session = self._ask("POST", "/session", capabilities={"alwaysMatch": wanted})
        self._url += f"/session/{session['sessionId']}"

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self._url}/status", timeout=SECONDS).ok
        except requests.ConnectionError:
            return False

    def _ask(self, method: str, path: str, **body: Any) -> Any:  # noqa: ANN401
        reply = requests.request(
            method, self._url + path, json=body if method == "POST" else None, timeout=SECONDS
        ).json()["value"]
        assert not (isinstance(reply, dict) and "error" in reply), reply
        return reply

    def shows(self, url: str, width: int, *, dark: bool = False) -> None:
        """Open a page on a screen of some width, in CSS pixels."""
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self._devtools("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self._devtools("Emulation.setEmulatedMedia", {"features": features})
        self._ask("POST", "/url", url=url)

    def _devtools(self, command: str, parameters: dict[str, Any]) -> Any:  # noqa: ANN401
        return self._ask("POST", "/goog/cdp/execute", cmd=command, params=parameters)

    def finds(self, script: str) -> Any:  # noqa: ANN401
        return self._ask("POST", "/execute/sync", script=f"return {script}", args=[])

    def complains(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("POST", "/se/log", type="browser")
        return found

    def photographs(self, file: Path) -> None:
        """Keep a picture of the whole page."""
        shot = self._devtools("Page.captureScreenshot", {"captureBeyondViewport": True})
        file.write_bytes(base64.b64decode(shot["data"]))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._ask("DELETE", "")
        finally:
            self._driver.terminate()
            self._driver.wait(SECONDS)


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[BundleServer]:
    """A server that has been told of a fleet in every state."""
    server = BundleServer(tmp_path)
    (server.bundles / "iam.tar.gz").write_bytes(small_bundle("e4b68f5f28e2ff1a", "s3:GetObject"))
    (server.bundles / "shop.tar.gz").write_bytes(small_bundle("0f1e2d3c4b5a6978", "s3:GetObject"))
    with server:
        now = datetime.now(UTC)

        def report(name: str, revision: str, minutes: int, message: str = "", **labels: str) -> None:
            activated = (now - timedelta(minutes=minutes)).isoformat()
            bundle = {"active_revision": revision, "last_successful_activation": activated, "message": message}
            body = {
                "labels": {"id": f"{name}-6f1c", "version": "1.22.2", "name": name, **labels},
                "bundles": {"iam": bundle},
            }
            assert server.post("/status", "reports", json=body).status_code == 200

        report("checkout", "e4b68f5f28e2ff1a", 190, region="eu-central-1", pod="checkout-7d4b9c-x2x9z")
        report("payments", "e4b68f5f28e2ff1a", 3, "scope mismatch", region="eu-central-1")
        report("payments", "e4b68f5f28e2ff1a", 3, region="eu-central-1")
        report("catalogue", "aaaabbbbccccdddd", 3000, region="us-east-1")
        report("ledger", "aaaabbbbccccdddd", 3000, "data.json: digest mismatch (want: 3f0a, got: 77b1)")
        report("new", "", 0)
        events = [
            {
                "labels": {"id": "checkout-6f1c"},
                "decision_id": str(number),
                "path": "iam/authz/allow",
                "timestamp": (now - timedelta(seconds=9 * number)).isoformat(),
                "input": {"principal": _LONG if number % 3 else "arn:aws:iam::111122223333:user/Ana", "action": action},
                "result": None if number % 29 == 0 else number % 5 > 0,
            }
            for number, action in enumerate(["s3:GetObject", "s3:DeleteBucket", "kms:Decrypt"] * 130)
        ]
        assert server.post("/logs", "reports", json=events).status_code == 200
        yield server


@pytest.mark.slow
def test_the_page_in_a_browser(fleet: BundleServer, tmp_path: Path) -> None:
    with Browser(tmp_path) as browser:
        url = f"http://me:{TOKENS['fleet']}@127.0.0.1:{fleet.port}/fleet?still"
        for name, width, dark in (("desktop", 1280, False), ("phone", 390, False), ("dark", 1280, True)):
            browser.shows(url, width, dark=dark)
            assert browser.finds("document.title") == "2 of 5 OPAs current"
            assert browser.finds("document.querySelectorAll('section').length") == 4
            assert browser.finds("document.documentElement.scrollWidth") <= width, "it scrolls sideways"
            assert browser.finds("document.querySelectorAll('svg rect').length") > 20
            ground = browser.finds("getComputedStyle(document.body).backgroundColor")
            assert ground == ("rgb(18, 22, 28)" if dark else "rgb(246, 247, 249)"), "the style is not in force"
            shown = browser.finds("document.body.innerText")
            for text in ("failing", "behind", "starting", "digest mismatch", "3 hours ago", "s3:DeleteBucket", _LONG):
                assert text in shown, name
            browser.photographs(tmp_path / f"{name}.png")
            assert (tmp_path / f"{name}.png").stat().st_size > 10_000
        assert browser.complains() == [], "of what the content security policy forbids, say"
        browser.shows(url.replace("?still", ""), 1280)
        looked = browser.finds("performance.timeOrigin")
        deadline = time.monotonic() + SECONDS
        while browser.finds("performance.timeOrigin") == looked:
            assert time.monotonic() < deadline, "it doesn't look again by itself"
            time.sleep(1)
