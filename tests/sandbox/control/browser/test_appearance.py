"""The appearance of the dashboard: widths, schemes, contrast, and hostile texts."""

from __future__ import annotations

from itertools import product
from typing import Any

from tests.sandbox.support import Api

from .conftest import Page
from .test_dashboard import VIEWS, campaign, populate

# Every text against the nearest background; large text would need less, nothing here uses that.
CONTRAST = """
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const read = (color) => {
        canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const known = new Map();
    const rgb = (color) => known.get(color) ?? known.set(color, read(color)).get(color);
    const light = (color) => {
        const [r, g, b] = color.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const poor = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !node.checkVisibility() || node.closest(".skip, noscript")) continue;
        let under = node;
        while (under && rgb(getComputedStyle(under).backgroundColor)[3] === 0) under = under.parentElement;
        const [a, b] = [getComputedStyle(node).color, getComputedStyle(under ?? document.body).backgroundColor]
            .map((color) => light(rgb(color).slice(0, 3)) + 0.05);
        const ratio = Math.max(a, b) / Math.min(a, b);
        if (ratio < 4.5) poor.push([walker.currentNode.data.trim().slice(0, 30), node.className, ratio.toFixed(2)]);
    }
    return poor;
"""
WIDE = """
    const edge = document.documentElement.clientWidth;
    const beyond = [...document.querySelectorAll("body *")].filter((node) =>
        node.checkVisibility() && !node.closest(".skip") && node.getBoundingClientRect().right > edge + 1);
    return [document.documentElement.scrollWidth - edge, beyond.slice(0, 5).map((node) => node.outerHTML.slice(0, 200))];
"""
FIRST = "document.querySelectorAll('.rows details').forEach((box, index, all) => { box.open = box === all[arguments[0]] })"


def open_row(page: Page, view: str, number: int, text: str) -> None:
    page.browser.until(f"return document.querySelectorAll('ol.{view} details').length > {number}")
    page.browser.run(FIRST.replace(".rows details", f"ol.{view} details"), number)
    page.until_text(f"ol.{view}", text)


def judge(page: Page, view: str, width: int, scheme: str) -> None:
    """Take a picture of a view; fail if it is wider than the window or hard to read."""
    page.browser.size(width, 900)
    page.browser.scheme(scheme)
    page.picture(f"{view}-{width}-{scheme}")
    assert page.browser.run(WIDE) == [0, []], (view, width)
    assert page.browser.run(CONTRAST) == [], (view, width, scheme)


def test_every_view_fits_and_is_readable(page: Page) -> None:
    """In a wide and a narrow window, light and dark; the window changes while the page is open."""
    browser = page.browser
    agent = populate(page.api)
    page.api.sandbox.faults.add("latency", "POST /calls/start", seconds=2, probability=0.25)
    page.api.sandbox.script(agent["id"], *["user_hangup_no_speech"] * 9)
    page.api.sandbox.script("+12025550150", "busy")
    campaign(page.api, agent["id"])
    page.api.advance(3)
    for view in VIEWS:
        page.show(view)
        if view == "calls":
            page.browser.until("return document.querySelectorAll('ol.calls details').length > 3")
            page.browser.run(
                "[...document.querySelectorAll('ol.calls details')].find((box) => /9876543210/.test(box.innerText) && /completed/.test(box.innerText)).open = true"
            )
            page.until_text("ol.calls", "Price")
            page.browser.until("return document.querySelector('audio')?.duration > 1")
        elif view != "requests" and view != "controls":
            page.browser.until(f"return document.querySelector('ol.{view} > li')")
        if view in ("webhooks", "agents"):
            open_row(page, view, 1, "Payload" if view == "webhooks" else "Prompt")
        for width, scheme in product((1280, 390), ("light", "dark")):
            judge(page, view, width, scheme)
            background = browser.run("return getComputedStyle(document.body).backgroundColor")
            assert (background == "rgb(14, 19, 26)") == (scheme == "dark")


HOSTILE = (
    "<img src=x onerror=\"document.title='gone'\">",
    "</script><script>document.title='gone'</script>",
    "</option></select><svg onload=alert(1)>",
    "javascript:alert(1)",
    "safe\u202egnp.exe\u2066\u200f",
    "{{constructor.constructor('alert(1)')()}}",
    "W" * 100,
)


def hostile(api: Api) -> Any:
    """Put hostile texts wherever a caller can put text."""
    api.webhook(url="https://example.com/<script>alert(1)</script>")
    api.sandbox.world.account.update(concurrency=0, balance_paise=10**9)
    huge = "<i>" + "A\u202e" * 50_000
    for text in HOSTILE:
        made = api.send(
            "POST",
            "/agent",
            {
                "agent_name": text[:100],
                "prompt": text + huge,
                "intro_message": text + " {{name}}",
                "voice_id": "5b0c0de0-0000-4000-8000-000000000001",
                "agent_type": "outbound",
            },
        )
        api.send("POST", "/documents/web-link", {"name": text[:200], "url": "https://example.com/" + text})
        if not made.is_success:
            continue
        agent = made.json()["data"]["id"]
        api.ok("PUT", f"/agent/{agent}", {"variables": ["name"]})
        api.call(agent, variables={"name": text + huge})
        campaign(api, agent, text[:100], start=False)
        api.advance(10_000)  # it takes long to say all that
    api.bare.get(api.sandbox.base_url + "/<img%20src=x%20onerror=alert(1)>/" + "\u202e" * 50)
    api.sandbox.faults.add("status", "[!<img src=x onerror=alert(1)>" + "W" * 300 + "]*")
    api.sandbox.script("+12025550150", *["<img src=x onerror=alert(1)>" + "W" * 70] * 5)
    return huge


def test_hostile_texts_stay_texts(page: Page) -> None:
    browser = page.browser
    hostile(page.api)
    before = browser.run("return document.querySelectorAll('script, img, svg, b[onload], i').length")
    for view in VIEWS:
        page.show(view)
        if view not in ("requests", "controls"):
            browser.until(f"return document.querySelectorAll('ol.{view} > li').length > 3")
        browser.run(
            "[...document.querySelectorAll('main details')].filter((box) => box.checkVisibility()).forEach((box, index) => { box.open = index % 4 === 0 })"
        )
        if view in ("calls", "webhooks"):
            browser.until(f"return document.querySelector('ol.{view} .detail')?.innerText.length > 100")
        for width in (1280, 390):
            browser.size(width, 900)
            if view == "agents":
                page.picture(f"hostile-{width}")
            assert browser.run(WIDE) == [0, []], (view, width)
    assert browser.run("return document.querySelectorAll('script, img, svg, b[onload], i').length") == before
    assert browser.run("return document.title") == "Controls · Vocobase sandbox"
    names = browser.run(
        "return [...document.querySelectorAll('ol.agents .name')].map((node) => node.textContent)"
    )
    assert HOSTILE[0] in names and HOSTILE[1] in names
    payload = browser.run("return document.querySelector('ol.webhooks pre').textContent")
    assert "\\u202eA" in payload and "more characters" in payload and len(payload) < 30_000
    # Marks that reorder text are written out, so that a name cannot pose as another.
    everything = browser.run("return document.body.textContent")
    assert "safe\\u202egnp.exe\\u2066\u200f" in names and not {"\u202e", "\u2066"} & set(everything)
    assert browser.run("return document.body.innerText.length") < 400_000


def test_markup_cannot_be_created_from_text(page: Page) -> None:
    attempts = (
        "document.body.innerHTML = '<b>x</b>'",
        "document.body.setAttribute('onclick', 'document.title = 1')",
        "document.createElement('script').text = 'document.title = 1'",
    )
    for attempt in attempts:
        caught = page.browser.run(f"try {{ {attempt}; return '' }} catch (error) {{ return error.name }}")
        assert caught == "TypeError", attempt
    assert len(page.browser.complaints()) >= len(attempts)
    page.browser.run("window.violations = []")
