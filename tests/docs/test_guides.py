"""The guides open with the signature and a program, and what they say about a method is so."""

from __future__ import annotations

import inspect
import re
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from vocobase import Vocobase, contacts, otel
from vocobase.records import Records

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
# Pages on a task that open with signatures as well.
HOW_TOS = [
    f"docs/{name}.md"
    for name in (
        [
            "contacts",
            "dialing",
            "exports",
            "observability",
            "records",
            "reports",
            "uploads",
            "variables",
            "waiting",
        ]
    )
]
SIGNATURE = re.compile(r"^((?:vb|records|contacts|otel)\.[\w.]+)\((.*)\) -> (.*)$")


def signatures(page: str) -> list[re.Match[str]]:
    """Return the signatures in the first block of a page."""
    block = re.search(
        r"^```text\n(.*?)^```", Path(page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert block, "the page has no signature"
    found = [SIGNATURE.match(line) for line in block[1].splitlines()]
    assert None not in found
    return [each for each in found if each]


@pytest.mark.parametrize("page", [*GUIDES, "docs/deploy.md"])
def test_a_guide_opens_with_the_signature_and_a_short_program(page: str) -> None:
    text = Path(page).read_text(encoding="utf-8")
    kinds = re.findall(r"^```(\w+)\n", text, re.MULTILINE)
    assert kinds[:2] == ["text", "python"]
    program = text.partition("```python\n")[2].partition("```")[0]
    assert len([line for line in program.splitlines() if line.strip() and "import" not in line]) <= 9
    assert text.index("```python") < (text + "\n## ").index("\n## ")


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


@pytest.mark.parametrize("page", [*GUIDES, *HOW_TOS])
def test_the_signatures_of_a_page_are_those_of_the_code(page: str, tmp_path: Path) -> None:
    with Vocobase("rg_live_test") as vb, Records.open(tmp_path / "calls.sqlite") as records:
        places = SimpleNamespace(vb=vb, records=records, contacts=contacts, otel=otel)
        for shown in signatures(page):
            method = attrgetter(shown[1])(places)
            parts, whole = list(filter(None, shown[2].split(", "))), written(method)
            if parts[-1:] in (["**fields"], ["**other"]):  # stand for what the text does not need
                parts, whole = parts[:-1], [part for part in whole if part in parts]
            assert parts == whole, shown[1]
            returned = inspect.signature(method).return_annotation
            assert shown[3] == returned.removeprefix("builtins."), shown[1]


def test_each_topic_of_the_platform_has_a_page() -> None:
    assert [topic for topic, page in TOPICS.items() if not (Path("docs") / page).exists()] == []
    assert {page.removeprefix("docs/") for page in GUIDES} <= set(TOPICS.values())


def test_the_guide_on_carriers_names_every_carrier_of_the_client() -> None:
    page = Path("docs/guides/carriers/index.md").read_text(encoding="utf-8")
    with Vocobase("rg_live_test") as vb:
        methods = {name for name in dir(vb.config.telephony) if name.startswith("set_")}
    assert set(re.findall(r"`(set_\w+)`", page)) == methods
