# Derived from tests/resources/aio/conftest.py by scripts/derive_sync.py; edit that instead.
"""A client of the sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from vocobase import Vocobase
from vocobase_sandbox import Sandbox


@pytest.fixture
def vb(sandbox: Sandbox) -> Iterator[Vocobase]:
    transport = sandbox.transport()
    with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=transport) as client:
        yield client
