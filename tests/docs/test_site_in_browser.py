"""The documentation site in Chromium: on a desk and on a phone, light and dark, with the keyboard."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator

import pytest
import site_build

from tests.docs.site import ROOT, shared
from tests.sandbox.control.browser.driver import ENTER, TAB, Browser, opened, wait

PAGES = (
    "index",
    "tutorial",
    "spec",
    "why",
    "guides/calls",
    "guides/functions",
    "reference/client",
    "reference/calls",
)
PICTURES = ROOT / "out" / "site"

pytestmark = pytest.mark.skipif(
    not site_build.TOOL.exists(), reason="the tools are missing; make docs installs them"
)


class Files(http.server.SimpleHTTPRequestHandler):
    """Serve files without a log."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = shared(tmp_path_factory)
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Files, directory=str(site))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with opened(tmp_path_factory.mktemp("profile")) as running:
        yield running


def show(browser: Browser, address: str, page: str) -> None:
    """Open a page and wait until its script runs."""
    browser.open(f"{address}{page}.html")
    browser.until("return document.documentElement.classList.contains('js')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_fit_the_screen_in_the_scheme_of_the_system(
    browser: Browser, address: str, width: int, scheme: str
) -> None:
    browser.size(width, 900)
    browser.scheme(scheme)
    for page in PAGES:
        show(browser, address, page)
        browser.picture(PICTURES / f"{page.replace('/', '-')}-{width}-{scheme}.png")
        assert browser.run("return document.documentElement.scrollWidth <= innerWidth"), page
        shown = browser.run("return document.body.getAttribute('data-md-color-scheme')")
        assert shown == {"light": "default", "dark": "slate"}[scheme], page
        loaded = browser.run("return performance.getEntriesByType('resource').map((entry) => entry.name)")
        assert loaded
        assert [name for name in loaded if not name.startswith(address)] == [], page
    assert browser.complaints() == []


def focused(browser: Browser) -> str:
    """Return the text of the element that has the focus, which must be visible."""
    found = browser.run(
        "const it = document.activeElement, style = getComputedStyle(it);"
        "return [it.innerText || it.getAttribute('aria-label') || '', style.outlineStyle, it.tagName]"
    )
    assert found[1] != "none" or found[2] == "INPUT", found
    return str(found[0])


def test_the_keyboard_reaches_the_content_the_sections_and_the_search(browser: Browser, address: str) -> None:
    browser.size(1280, 900)
    browser.scheme("light")
    show(browser, address, "index")
    reached: list[str] = []
    for _ in range(12):
        browser.press(TAB)
        reached.append(focused(browser))
    assert reached[0] == "Skip to content"
    assert {"Search", "Tutorial", "Guides", "How-to", "Reference"} <= set(reached)


def test_the_keyboard_searches_and_opens_a_result(browser: Browser, address: str) -> None:
    browser.size(1280, 900)
    show(browser, address, "index")
    browser.press("/")
    browser.until("return document.activeElement !== document.body")
    for key in "smartflo":
        browser.press(key)

    def opened() -> bool:
        browser.press(ENTER)  # does nothing until there are results
        return bool(browser.run("return location.pathname.includes('tata-smartflo')"))

    wait(opened, "the first result is open", 10)
    assert browser.complaints() == []
