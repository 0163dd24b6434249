"""A small WebDriver client: enough of the protocol to look at a page, press keys and take pictures."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

# If this variable is set, pictures of the pages are written to out/.
PICTURES = "SAVE_PICTURES"
TAB, ENTER, SPACE = "\ue004", "\ue007", " "
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
_WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""


@contextmanager
def opened(profile: Path) -> Generator[Browser]:
    """Yield a browser with an empty profile; skip the test where Chromium or its driver is not installed."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip(
            "neither chromium nor chromedriver is installed (apt-get install chromium chromium-driver)"
        )
    running = Browser(browser, driver, profile)
    try:
        yield running
    finally:
        running.close()


class Browser:
    """One window of a fresh profile."""

    def __init__(self, browser: str, driver: str, profile: Path) -> None:
        self._process = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, text=True)
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{self._port()}", timeout=30, trust_env=False)
        options = {"binary": browser, "args": [*_ARGUMENTS, f"--user-data-dir={profile}"]}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        self._session = ""
        try:
            answer = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
            self._session = f"/session/{answer['sessionId']}"
            self.devtools("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)
        except BaseException:
            self.close()
            raise

    def _port(self) -> int:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if "successfully on port" in line:
                return int(line.rstrip(".\n").split()[-1])
        raise RuntimeError("chromedriver did not start")

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._client.request(method, path, json=body)
        value = answer.json()["value"]
        if answer.is_error:
            raise AssertionError(f"{value['error']}: {value['message']}")
        return value

    def _send(self, path: str, **body: Any) -> Any:
        return self._ask("POST", self._session + path, body)

    def devtools(self, command: str, **arguments: Any) -> Any:
        return self._send("/goog/cdp/execute", cmd=command, params=arguments)

    def open(self, url: str) -> None:
        self._send("/url", url=url)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function and return its result."""
        return self._send("/execute/sync", script=script, args=list(arguments))

    def until(self, script: str, *arguments: Any, seconds: float = 5) -> Any:
        """Repeat a script until its result is true."""
        return wait(lambda: self.run(script, *arguments), f"{script} {arguments}", seconds)

    def find(self, selector: str) -> str:
        found = self._send("/element", using="css selector", value=selector)
        return str(found[_ELEMENT])

    def click(self, selector: str) -> None:
        """Click as a user does: scroll there, and fail if something covers it."""
        self._send(f"/element/{self.find(selector)}/click")

    def type(self, selector: str, text: str) -> None:
        element = self.find(selector)
        self._send(f"/element/{element}/clear")
        self._send(f"/element/{element}/value", text=text)

    def press(self, key: str) -> None:
        """Press a key in the element that has the focus."""
        actions = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._send("/actions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def text(self, selector: str) -> str:
        return str(self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector))

    def size(self, width: int, height: int) -> None:
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

        # A scroll bar that comes and goes would change the width of the page.
        self.devtools("Emulation.setScrollbarsHidden", hidden=True)

    def scheme(self, name: str) -> None:
        self.devtools(
            "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}]
        )

    def picture(self, path: Path) -> None:
        """Save the whole page as PNG, for a person who asks for it: that takes longer than to draw the page."""
        if PICTURES not in os.environ:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        image = self.devtools("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(image["data"]))

    def complaints(self) -> list[str]:
        """Return errors and warnings of the console since the last time, and violations of the policy."""
        entries = self._send("/se/log", type="browser")
        lines = [item["message"] for item in entries if item["level"] in ("SEVERE", "WARNING")]
        return lines + self.run("return window.violations ?? []")

    def close(self) -> None:
        try:
            if self._session:
                self._ask("DELETE", self._session)
        finally:
            self._client.close()
            self._process.terminate()
            self._process.wait(10)
            assert self._process.stdout is not None
            self._process.stdout.close()


def wait(condition: Callable[[], Any], what: str, seconds: float = 5) -> Any:
    """Repeat a condition until it is true and return its value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"never came true: {what}"
        time.sleep(0.05)
