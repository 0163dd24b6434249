"""The dashboard as a user sees and uses it."""

from __future__ import annotations

from typing import Any

from tests.sandbox.support import Api
from vocobase_sandbox import Conversation

from .conftest import Page
from .driver import ENTER, SPACE, TAB

VIEWS = ("requests", "calls", "campaigns", "agents", "documents", "webhooks", "controls")


def populate(api: Api) -> Any:
    """Fill an account with some rows of every kind."""
    api.webhook()
    agent = api.agent(
        agent_name="Delivery confirmation",
        intro_message="Hello {{name}}, this is Maya from Cedar Foods.",
        prompt="Confirm tomorrow's delivery. Offer another day when it does not suit.",
        enable_recording=True,
        variables=["name"],
        extraction_config={
            "prompt": "Read it.",
            "keys": [{"name": "day", "type": "string", "description": "The day"}],
        },
    )
    api.agent(agent_name="Reception", agent_type="inbound")
    api.document(name="Opening hours.md")
    api.ok("POST", "/documents/web-link", {"name": "Site", "url": "https://example.com/"})
    for number in ("+919876543210", "+12025550103", "+12025550101"):
        api.call(agent["id"], number, variables={"name": "Asha"})
    api.receiver.answers = [500]
    api.advance(60)
    api.call(agent["id"], variables={"name": "Ravi"})
    api.advance(1.5)
    api.fails(404, "GET", "/agent/5b0c0de0-0000-4000-8000-0000000000ff")
    return agent


def unchecked(api: Api, method: str, path: str, status: int) -> None:
    """Send a request whose response is damaged by a fault, so that it need not be documented."""
    headers = {"authorization": f"Bearer {api.sandbox.api_key}"}
    answer = api.bare.request(method, api.sandbox.base_url + path, headers=headers)
    assert answer.status_code == status


def campaign(api: Api, agent_id: str, name: str = "Spring offers", *, start: bool = True) -> Any:
    body = {"name": name, "agent_id": agent_id, "provider": "twilio", "concurrency_limit": 2}
    made = api.ok("POST", "/campaigns", body)
    contacts = [{"phone": f"+9198765432{number:02}"} for number in range(6)]
    contacts += [{"phone": "+12025550101"}, {"phone": "+12025550104"}]
    api.ok("POST", f"/campaigns/{made['campaign_id']}/contacts", {"contacts": contacts})
    return api.ok("POST", f"/campaigns/{made['campaign_id']}/start") if start else made


def test_requests_appear_while_the_page_is_open(page: Page) -> None:
    page.until_text("#view-requests", "No requests yet")
    page.api.agent(agent_name="First")
    page.until_text("ol.requests li", "/api/v2/agent", at_once=False)
    row = page.browser.text("ol.requests li")
    assert "POST" in row and "agents.create" in row and "201" in row and " ms" in row
    page.api.sandbox.faults.add("status", "GET /agent", status=503, count=1)
    unchecked(page.api, "GET", "/agent", 503)
    page.until_text("ol.requests li", "503")
    assert page.browser.text("ol.requests li .pill") == "status"


def test_a_call_is_followed_from_dialling_to_its_recording(page: Page) -> None:
    api, browser = page.api, page.browser
    agent = api.agent(enable_recording=True, intro_message="Good morning from the shoe shop.")
    page.show("calls")
    page.until_text("#view-calls", "No calls yet")
    api.call(agent["id"])
    page.until_text("ol.calls summary", "pending")
    assert browser.text("#live") == "1"
    browser.click("ol.calls summary")
    browser.run("window.marked = document.querySelector('ol.calls details')")
    api.advance(0.8)
    page.until_text("ol.calls .turns", "Good morning", at_once=False)
    before = len(browser.run("return [...document.querySelectorAll('.turns li')]"))
    assert not browser.run("return document.querySelector('audio')")
    api.advance(60)
    page.until_text("ol.calls summary", "completed")
    browser.until("return document.querySelectorAll('.turns li').length > arguments[0]", before)
    assert browser.run("return marked.isConnected && marked.open"), "the open row was drawn anew"
    # The browser reads the WAV behind the signed link, and can seek in it.
    browser.until("return document.querySelector('audio')?.duration > 5")
    browser.run("document.querySelector('audio').currentTime = 4")
    browser.until("const a = document.querySelector('audio'); return !a.seeking && a.currentTime >= 4")
    assert float(browser.text("#balance").replace("₹", "")) < 500


def test_a_button_hangs_up(page: Page) -> None:
    page.api.call(page.api.agent()["id"])
    page.api.advance(1)
    page.show("calls")
    page.until_text("ol.calls summary", "in progress")
    page.browser.click("ol.calls summary")
    page.browser.until("return document.querySelector('.detail button')?.checkVisibility()")
    page.browser.click(".detail button")
    page.until_text("ol.calls summary", "completed")
    page.until_text("#message", "Hung up")
    page.browser.until("return !document.querySelector('.detail button').checkVisibility()")


def test_the_bar_of_a_campaign_grows(page: Page) -> None:
    page.show("campaigns")
    campaign(page.api, page.api.agent()["id"])
    page.until_text("ol.campaigns", "running")
    value = "return Number(document.querySelector('[role=progressbar]').ariaValueNow)"
    assert page.browser.run(value) == 0
    page.api.advance(5)
    page.look()
    page.browser.until(value + " > 0")
    page.api.advance(600)
    page.look()
    page.browser.until(value + " === 8")
    page.until_text("ol.campaigns", "6 completed")
    page.until_text("ol.campaigns", "2 failed")
    widths = "return ['good', 'bad'].map((kind) => document.querySelector(`.bar .${kind}`).offsetWidth)"
    page.browser.until(
        "const [good, bad] = (() => {" + widths + "})(); return Math.abs(good - 3 * bad) < 4 && bad > 0"
    )


def test_a_button_sends_a_webhook_again(page: Page) -> None:
    api, browser = page.api, page.browser
    api.webhook()
    api.receiver.answers = [500, OSError("refused")]
    api.call(api.agent()["id"])
    api.advance(60)
    page.show("webhooks")
    page.until_text("ol.webhooks summary", "delivered")
    browser.click("ol.webhooks summary")
    page.count(".tries li", 3)
    page.until_text(".detail pre", '"event": "session.completed"')
    tries = browser.text(".tries")
    assert "status 500" in tries and "refused" in tries and "status 200" in tries
    sent = len(api.receiver.received)
    browser.click(".detail button")
    page.count("ol.webhooks > li", 2)
    page.until_text("#message", "delivered")
    assert len(api.receiver.received) == sent + 1
    assert api.receiver.received[-1].body == api.receiver.received[0].body


def test_the_clock_and_the_balance_are_set(page: Page) -> None:
    browser = page.browser
    assert browser.text("#mode") == "manual" and browser.text("#now") == "2026-01-05 09:00:00"
    browser.click('[data-advance="60"]')
    page.until_text("#now", "09:01:00")
    page.show("controls")
    browser.type("#clock-form input", "3600.5")
    browser.click("#clock-form button")
    page.until_text("#now", "10:01:00")
    assert page.api.sandbox.clock.now.isoformat() == "2026-01-05T10:01:00.500000+00:00"
    browser.type("#balance-form input", "12.5")
    browser.click("#balance-form button")
    page.until_text("#balance", "12.50")
    assert page.api.sandbox.world.account["balance_paise"] == 1250


def test_faults_are_added_and_removed(page: Page) -> None:
    browser, faults = page.browser, page.api.sandbox.faults
    page.show("controls")
    page.until_text("#view-controls", "No faults")
    browser.type("[name=route]", "GET /agent")
    browser.type("[name=count]", "3")
    browser.click("#fault-form button.main")
    page.count("ol.faults > li", 1)
    unchecked(page.api, "GET", "/agent", 503)
    page.until_text("ol.faults", "1 of 3 hits · status 503")
    browser.run(
        "const kind = document.querySelector('[name=kind]'); kind.value = 'latency'; kind.dispatchEvent(new Event('change'))"
    )
    browser.type("#fault-form [name=seconds]", "1.5")
    browser.click("#fault-form button.main")
    page.count("ol.faults > li", 2)
    latest = faults.list()[1]
    assert (latest["kind"], latest["seconds"], latest["status"], latest["count"]) == ("latency", 1.5, 0, 3)
    browser.click("ol.faults button")
    page.count("ol.faults > li", 1)
    browser.click("#clear-faults")
    page.until_text("#view-controls", "No faults")
    assert faults.list() == []


def test_scripts_are_listed_and_removed(page: Page) -> None:
    sandbox = page.api.sandbox
    page.show("controls")
    page.until_text("#view-controls", "No scripts")
    sandbox.script("+12025550150", "busy", "busy", Conversation(duration=3), *["no_answer"] * 5)
    page.until_text("ol.scripts", "busy, busy, conversation, no answer, no answer, 3 more")
    page.until_text("ol.scripts", "0 calls")
    page.browser.click("ol.scripts button")
    page.until_text("#view-controls", "No scripts")
    assert sandbox.scripts == []


def test_a_rejection_is_shown(page: Page) -> None:
    page.show("controls")
    page.browser.run("document.querySelector('[name=probability]').removeAttribute('max')")
    page.browser.type("[name=probability]", "2")
    page.browser.click("#fault-form button.main")
    page.until_text("#message.bad", "probability")
    page.browser.complaints()  # Chromium logs every 4xx
    page.browser.click("#clear-faults")
    page.until_text("#message:not(.bad)", "removed")


def test_everything_can_be_used_with_the_keyboard(page: Page) -> None:
    browser = page.browser
    populate(page.api)
    campaign(page.api, page.api.agent()["id"])
    reachable = """
        const wanted = [...document.querySelectorAll("a, button, input, select, summary, audio, pre, [tabindex='0']")]
            .filter((node) => node.checkVisibility());
        for (const [index, node] of wanted.entries()) node.dataset.stop = index;
        return wanted.length;
    """
    focused = """
        const node = document.activeElement, style = getComputedStyle(node);
        const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        return [node.dataset?.stop ?? null, ring || node.localName === "audio"];
    """
    for view in VIEWS:
        page.show(view)
        if view in ("calls", "webhooks", "agents"):
            page.browser.until(f"return document.querySelector('ol.{view} summary')")
            browser.run(f"document.querySelector('ol.{view} summary').focus()")
            browser.press(ENTER if view == "calls" else SPACE)
            browser.until(f"return document.querySelector('ol.{view} details').open")
            page.until_text(
                f"ol.{view} .detail",
                "Id" if view == "agents" else "Payload" if view == "webhooks" else "Price",
            )
        total = browser.run(reachable)
        browser.run("document.activeElement.blur(); document.querySelector('.skip').focus()")
        stops: set[str] = {browser.run(focused)[0]}
        for _ in range(3 * total):
            browser.press(TAB)
            stop, ring = browser.run(focused)
            if stop is not None:
                assert ring, f"{view}: the focus on {stop} cannot be seen"
                stops.add(stop)
            if len(stops) == total:
                break
        missing = [number for number in map(str, range(total)) if number not in stops]
        assert not missing, browser.run(
            "return arguments[0].map((n) => document.querySelector(`[data-stop='${n}']`).outerHTML)", missing
        )


def test_every_control_has_a_name(page: Page) -> None:
    populate(page.api)
    page.show("controls")
    tree = page.browser.devtools("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in tree if not node["ignored"]]
    assert {"banner", "navigation", "main", "status"} <= set(roles)
    for node in tree:
        if not node["ignored"] and node["role"]["value"] in (
            "button",
            "link",
            "textbox",
            "spinbutton",
            "combobox",
        ):
            assert node["name"]["value"], node


def test_a_lost_server_is_noticed_and_found_again(page: Page) -> None:
    sandbox, port = page.api.sandbox, page.server.port
    page.server.close()
    page.until_text("#link", "Not connected")
    with sandbox.serve(port):
        page.browser.until("return document.getElementById('link').innerText === 'Live'", seconds=8)
    page.browser.complaints()  # Chromium logs every lost connection


def test_a_hidden_page_does_not_poll(page: Page) -> None:
    asked = "return performance.getEntriesByType('resource').length"
    hide = "Object.defineProperty(document, 'hidden', {value: arguments[0], configurable: true}); document.dispatchEvent(new Event('visibilitychange'))"
    page.browser.run(hide, True)
    page.browser.run("return new Promise((done) => setTimeout(done, 300))")
    before = page.browser.run(asked)
    page.browser.run("return new Promise((done) => setTimeout(done, 1300))")
    assert page.browser.run(asked) == before
    page.browser.run(hide, False)
    page.browser.until("return performance.getEntriesByType('resource').length > arguments[0]", before)
