"""A client of the emulated account."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from vocobase import AsyncVocobase
from vocobase_sandbox import Sandbox


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[AsyncVocobase]:
    transport = sandbox.async_transport()
    async with AsyncVocobase(sandbox.api_key, base_url=sandbox.base_url, transport=transport) as opened:
        yield opened
