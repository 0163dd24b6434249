"""A campaign to import into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.fake_time import hasty
from vocobase import Vocobase
from vocobase_sandbox import Sandbox

from .support import Freely


@pytest.fixture(autouse=True)
def retries_without_pauses() -> Iterator[None]:
    """Let clients retry at once."""
    with hasty():
        yield


@pytest.fixture
def vb(sandbox: Sandbox) -> Any:
    """A client without a rate limit."""
    with Vocobase(
        sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport(), pace=Freely()
    ) as client:
        yield client


@pytest.fixture
def campaign(vb: Vocobase) -> str:
    """The id of a draft campaign."""
    agent = vb.agents.create("Desk", "Be kind.", voice_id=vb.voices.list()[0].id, agent_type="outbound")
    return vb.campaigns.create("Spring", agent.id, provider="twilio").campaign_id


@pytest.fixture
def on_server(sandbox: Sandbox) -> Callable[[str], dict[str, Any]]:
    """The contacts of a campaign in the sandbox, by number."""

    def contacts_of(campaign_id: str) -> dict[str, Any]:
        # A list, as an import whose process was killed may still be on its way in.
        rows = list(sandbox.world.store.table("campaign_contacts").values())
        return {row["phone"]: row for row in rows if row["id"].startswith(f"{campaign_id}/")}

    return contacts_of
