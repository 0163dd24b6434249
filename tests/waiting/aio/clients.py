"""Clients of a sandbox, of a server, or of a function that answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from tests.waiting.support import refuse
from vocobase import AsyncVocobase
from vocobase_sandbox import Sandbox


def async_client_for(
    sandbox: Sandbox | None = None,
    respond: Callable[[httpx.Request], httpx.Response] = refuse,
    url: str | None = None,
    **options: Any,
) -> AsyncVocobase:
    """Return a client that waits for a sandbox, a function or a server; without any, it may send nothing."""
    if sandbox is not None:
        transport: Any = sandbox.async_transport()
        return AsyncVocobase(sandbox.api_key, base_url=sandbox.base_url, transport=transport, **options)
    transport = None if url else httpx.MockTransport(respond)
    return AsyncVocobase("rg_live_x", base_url=url, transport=transport, **options)
