"""A client that imports, without a rate limit."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.contacts.support import Freely, Importing
from vocobase import AsyncVocobase
from vocobase_sandbox import Sandbox


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[AsyncVocobase]:
    transport = sandbox.async_transport()
    async with AsyncVocobase(
        sandbox.api_key, base_url=sandbox.base_url, transport=transport, pace=Freely()
    ) as opened:
        yield opened


@pytest.fixture
def load(client: AsyncVocobase) -> Importing:
    """``campaigns.import_contacts`` of the client."""
    return client.campaigns.import_contacts
