# Derived from tests/core/aio/conftest.py by scripts/derive_sync.py; edit that instead.
"""A client of the emulated account."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from vocobase import Vocobase
from vocobase_sandbox import Sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Vocobase]:
    transport = sandbox.transport()
    with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=transport) as opened:
        yield opened
