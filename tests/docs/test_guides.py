"""Pages open with signatures and a short program, and what they say about a method is so."""

from __future__ import annotations

import inspect
import re
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from vocobase import APIError, AsyncVocobase, Vocobase, VocobaseError, contacts, otel
from vocobase.diagnostics import compare_routes
from vocobase.records import Records
from vocobase.testing import sandbox_time
from vocobase.webhooks import WebhookReceiver
from vocobase_sandbox import Sandbox

PAGES = sorted(str(path) for path in Path("docs").rglob("*.md"))
GUIDES = sorted(str(path) for path in Path("docs/guides").rglob("*.md"))
# The topics of the platform's own documentation, and the page that covers each.
TOPICS = {
    "Authentication": "guides/onboarding.md",
    "B2B2B": "guides/customers.md",
    "Call duration and background audio": "guides/duration-and-audio.md",
    "Call transfer and behaviour": "guides/calls.md",
    "Billing": "guides/billing.md",
    "Custom functions": "guides/functions.md",
    "Speech recognition dictionaries": "guides/dictionaries.md",
    "Inbound calls": "guides/numbers.md",
    "Campaigns": "guides/campaigns.md",
    "Knowledge base": "guides/knowledge-base.md",
    "Becoming a partner": "guides/onboarding.md",
    "Configuring your account": "guides/onboarding.md",
    "Post-call extraction": "guides/extraction.md",
    "Pre-call variables": "guides/pre-call-variables.md",
    "Projects": "guides/projects.md",
    "Quick start": "tutorial.md",
    "Bring your own phone": "guides/carriers/index.md",
    "Web voice testing": "guides/browser-sessions.md",
    "Webhook setup, payloads, error handling": "guides/webhook-events.md",
    "Agents": "guides/agents.md",
    "Limits": "limits.md",
    **{name: f"guides/carriers/{name}.md" for name in ("exotel", "mcube", "plivo", "sip", "twilio", "vobiz")},
    **{name: f"guides/carriers/{name}.md" for name in ("tata-smartflo", "voicelink")},
}
# Pages that open otherwise, and why.
OTHER_OPENINGS = {
    "docs/api.md": "it is the list of all signatures",
    "docs/architecture.md": "a map of the code, for people who change it",
    "docs/benchmarks.md": "tables of what was measured, and the commands that measure it",
    "docs/cli.md": "the command line: it opens with a session of a shell",
    "docs/dependencies.md": "a table of packages",
    "docs/examples.md": "a list of programs, and the commands that run them",
    "docs/glossary.md": "a table of words",
    "docs/index.md": "the home page: the commands of the first minutes, then ten lines of code",
    "docs/maintaining.md": "commands, for people who change the SDK",
    "docs/tutorial.md": "a lesson: the commands that prepare a shell, then five programs",
}
OPENED = [page for page in PAGES if page not in OTHER_OPENINGS]
MAX_LINES = 6
SIGNATURE = re.compile(r"^([\w.]+)\((.*?)\)(?: -> (.*))?$")
# A page may name a class, a method of an object that it creates, or a function that it imports.
NAMES = {
    each.__name__: each
    for each in (
        APIError,
        AsyncVocobase,
        Sandbox,
        Vocobase,
        VocobaseError,
        WebhookReceiver,
        compare_routes,
        sandbox_time,
    )
}


def signatures(page: str) -> list[re.Match[str]]:
    """Return the signatures in the first block of a page."""
    block = re.search(
        r"^```text\n(.*?)^```", Path(page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert block, "the page has no signature"
    found = [SIGNATURE.match(line) for line in block[1].splitlines()]
    assert None not in found
    return [each for each in found if each]


@pytest.mark.parametrize("page", OPENED)
def test_a_page_opens_with_signatures_and_about_five_lines_of_code(page: str) -> None:
    opening = Path(page).read_text(encoding="utf-8").partition("\n## ")[0]
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", opening, re.DOTALL | re.MULTILINE)
    assert [kind for kind, _ in blocks[:2]] == ["text", "python"]
    lines = [line for line in blocks[1][1].splitlines() if line.strip()]
    frame = re.compile(r"\s*(?:#|import |from |with (?:Async)?Vocobase\()")
    assert 1 <= len([line for line in lines if not frame.match(line)]) <= MAX_LINES


def test_pages_that_open_otherwise_exist() -> None:
    assert set(OTHER_OPENINGS) <= set(PAGES)


def written(method: Any) -> list[str]:
    """Return the parameters of a method as the guides write them."""
    parts: list[str] = []
    for each in inspect.signature(method).parameters.values():
        if each.kind is each.KEYWORD_ONLY and "*" not in parts and not any(part[0] == "*" for part in parts):
            parts.append("*")
        mark = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        shown = "OMIT" if repr(each.default) == "UNSET" else repr(each.default).replace("'", '"')
        parts.append(mark + each.name + ("" if each.default is each.empty else f"={shown}"))
    return parts


@pytest.mark.parametrize("page", OPENED)
def test_the_signatures_of_a_page_are_those_of_the_code(page: str, tmp_path: Path) -> None:
    with Vocobase("rg_live_test") as vb, Records.open(tmp_path / "calls.sqlite") as records:
        receiver, sandbox = WebhookReceiver("whsec_test"), Sandbox(clock="manual")
        places = SimpleNamespace(**NAMES, vb=vb, records=records, receiver=receiver, sandbox=sandbox)
        places.vocobase_sandbox, places.contacts, places.otel = sandbox, contacts, otel
        for shown in signatures(page):
            method = attrgetter(shown[1])(places)
            parts, whole = list(filter(None, shown[2].split(", "))), written(method)
            if parts[-1:] in (["**fields"], ["**other"]):  # stand for what the text does not need
                parts, whole = parts[:-1], [part for part in whole if part in parts]
            assert parts == whole, shown[1]
            returned = inspect.signature(method).return_annotation
            assert (shown[3] or "None") == returned.removeprefix("builtins."), shown[1]


def test_each_topic_of_the_platform_has_a_page() -> None:
    assert [topic for topic, page in TOPICS.items() if not (Path("docs") / page).exists()] == []
    assert {page.removeprefix("docs/") for page in GUIDES} <= set(TOPICS.values())


def test_the_guide_on_carriers_names_every_carrier_of_the_client() -> None:
    page = Path("docs/guides/carriers/index.md").read_text(encoding="utf-8")
    with Vocobase("rg_live_test") as vb:
        methods = {name for name in dir(vb.config.telephony) if name.startswith("set_")}
    assert set(re.findall(r"`(set_\w+)`", page)) == methods
