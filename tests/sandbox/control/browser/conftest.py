"""A browser for all tests of this folder, and a page on a fresh sandbox for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sandbox.support import Api
from vocobase_sandbox.front.server import RunningServer

from .driver import Browser, opened

PICTURES = Path(__file__).parents[4] / "out" / "dashboard"


@dataclass
class Page:
    """The dashboard in a browser, and the sandbox behind it."""

    browser: Browser
    api: Api
    server: RunningServer

    def show(self, view: str) -> None:
        """Open a view and wait for its data."""
        self.browser.click(f'nav a[href="#{view}"]')
        self.browser.until(f"return !document.getElementById('view-{view}').hidden")

    def look(self) -> None:
        """Make the page poll now, as it does when it becomes visible, instead of within the next second."""
        self.browser.run("document.dispatchEvent(new Event('visibilitychange'))")

    def until_text(self, selector: str, text: str, *, at_once: bool = True) -> None:
        if at_once:
            self.look()
        script = "return (document.querySelector(arguments[0])?.innerText ?? '').includes(arguments[1])"
        self.browser.until(script, selector, text)

    def count(self, selector: str, number: int) -> None:
        self.look()
        self.browser.until(
            "return document.querySelectorAll(arguments[0]).length === arguments[1]", selector, number
        )

    def picture(self, name: str) -> None:
        self.browser.picture(PICTURES / f"{name}.png")


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with opened(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture
def page(browser: Browser, build: Callable[..., Api]) -> Iterator[Page]:
    """Open the dashboard; after each test, the browser must not have logged an error."""
    api = build(seed=5)
    with api.sandbox.serve() as server:
        browser.size(1280, 900)
        browser.scheme("light")
        browser.open(server.url + "/")
        browser.until("return document.getElementById('link').innerText === 'Live'")
        yield Page(browser, api, server)
        assert browser.complaints() == []
        assert not browser.run("return document.getElementById('message').classList.contains('bad')")
        browser.open("about:blank")
