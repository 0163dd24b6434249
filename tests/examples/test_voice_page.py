"""examples/voice_page: a visitor presses the button and lands in the sandbox's room, and the key stays on the server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.ledger.servers import free_port, wait_for_port
from tests.programs import running
from tests.sandbox.control.browser.driver import Browser, opened
from vocobase_sandbox import Sandbox

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "voice_page"
SECONDS = 30  # on a busy machine
PICTURES = ROOT / "out" / "voice_page"


@dataclass
class Site:
    """The server of the example, and the sandbox behind it."""

    url: str
    sandbox: Sandbox

    def started(self) -> list[int]:
        rows = self.sandbox.requests
        return [row.status for row in rows if row.operation == "sessions.start_webrtc"]


@pytest.fixture
def site() -> Iterator[Site]:
    port = free_port()
    with Sandbox(seed=1, rate_limits=False, carriers=("twilio",)) as sandbox, sandbox.serve() as api:
        environment = {
            **os.environ,
            "VOCOBASE_API_KEY": sandbox.api_key,
            "VOCOBASE_BASE_URL": api.base_url,
        }
        command = [sys.executable, "-m", "flask", "run", "--port", str(port)]
        with running(
            command, cwd=FOLDER, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as server:
            try:
                wait_for_port(port)
                yield Site(f"http://127.0.0.1:{port}", sandbox)
            finally:
                server.kill()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with opened(tmp_path_factory.mktemp("profile")) as running:
        yield running


def test_no_response_has_the_key(site: Site) -> None:
    with httpx.Client(base_url=site.url, trust_env=False) as visitor:
        responses = [visitor.get("/"), visitor.get("/static/page.js"), visitor.post("/sessions")]
    assert [response.status_code for response in responses] == [200, 200, 200]
    assert responses[-1].json().keys() == {"url", "token"}
    for response in responses:
        assert site.sandbox.api_key not in f"{response.headers} {response.text}"
    assert site.started() == [201]


def test_a_visitor_who_presses_the_button_is_in_the_room(site: Site, browser: Browser) -> None:
    browser.size(390, 700)
    browser.open(site.url)
    assert site.sandbox.api_key not in browser.run("return document.documentElement.outerHTML")
    browser.picture(PICTURES / "page.png")
    browser.click("#talk")
    browser.until(
        "return location.pathname.includes('/rooms/') && document.querySelector('h1') !== null",
        seconds=SECONDS,
    )
    assert browser.text("h1") == "Front desk"
    browser.until("location.reload(); return document.querySelectorAll('li').length > 0", seconds=SECONDS)
    browser.picture(PICTURES / "room.png")
    assert site.started() == [201]
    assert browser.complaints() == []


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (429, "All lines are busy. Please try again in a minute."),
        (403, "The front desk is closed at the moment."),
    ],
)
def test_a_visitor_reads_why_no_session_starts(site: Site, browser: Browser, status: int, shown: str) -> None:
    site.sandbox.faults.add("status", "sessions.start_webrtc", status=status)
    browser.open(site.url)
    browser.click("#talk")
    browser.until(
        "return document.getElementById('message').innerText === arguments[0]", shown, seconds=SECONDS
    )
    browser.until("return !document.getElementById('talk').disabled", seconds=SECONDS)
    browser.complaints()
