# Derived from tests/contacts/aio/conftest.py by scripts/derive_sync.py; edit that instead.
"""A client that imports, without a rate limit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contacts.support import Freely, Importing
from vocobase import Vocobase
from vocobase_sandbox import Sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Vocobase]:
    transport = sandbox.transport()
    with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=transport, pace=Freely()) as opened:
        yield opened


@pytest.fixture
def load(client: Vocobase) -> Importing:
    """``campaigns.import_contacts`` of the client."""
    return client.campaigns.import_contacts
