"""Everything that may outlive a sandbox depends on its seed."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.support import Api


def identifiers(api: Api) -> dict[str, str]:
    """Run a script, and return what a ledger, a store of handled events or a cassette may keep of it."""
    endpoint, agent = api.webhook(), api.agent()
    upload = api.ok(
        "POST", "/documents/upload", {"name": "a.md", "file_size": 4, "mime_type": "text/markdown"}
    )
    call = api.call(agent["id"], "+12025550100")
    campaign = {"name": "May", "agent_id": agent["id"], "provider": "twilio"}
    api.advance(60)
    [delivery] = api.sandbox.deliveries
    query = parse_qs(urlsplit(upload["upload_url"]).query)
    return {
        "key": api.sandbox.api_key,
        "endpoint": endpoint["id"],
        "secret": endpoint["secret"],
        "agent": agent["id"],
        "call": call["call_id"],
        "campaign": api.ok("POST", "/campaigns", campaign)["campaign_id"],
        "document": upload["document_id"],
        "signature of the upload": query["X-Amz-Signature"][0],
        "delivery": delivery["id"],
        "session": delivery["session_id"],
    }


@pytest.mark.parametrize("other", [1, "0 ", "random"])
def test_another_seed_repeats_nothing(build: Callable[..., Api], other: int | str) -> None:
    first, second = identifiers(build(seed=0)), identifiers(build(seed=other))
    assert [name for name in first if first[name] == second[name]] == []


def test_the_same_seed_repeats_everything(build: Callable[..., Api]) -> None:
    assert identifiers(build()) == identifiers(build(seed=0))
