"""Calls with a client of their own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import httpx

from tests.transport.support import KEY
from vocobase import AsyncVocobase


async def async_run(
    url: str, *calls: Callable[[Any], Any], client: dict[str, Any] | None = None, **options: Any
) -> Any:
    """Return what the last of some calls gives.

    Args:
        url: The address of the API.
        calls: They share a client.
        client: Options of an httpx client that it uses; without them, its own connections.
        options: Its other options.
    """
    given = contextlib.nullcontext() if client is None else httpx.AsyncClient(**client)
    async with given as http_client:
        async with AsyncVocobase(KEY, base_url=url, **{"http_client": http_client, **options}) as vb:
            return [await call(vb) for call in calls][-1]
