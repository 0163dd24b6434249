# Derived from tests/transport/aio/support.py by scripts/derive_sync.py; edit that instead.
"""Calls with a client of their own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import httpx

from tests.transport.support import KEY
from vocobase import Vocobase


def run(url: str, *calls: Callable[[Any], Any], client: dict[str, Any] | None = None, **options: Any) -> Any:
    """Return what the last of some calls gives.

    Args:
        url: The address of the API.
        calls: They share a client.
        client: Options of an httpx client that it uses; without them, its own connections.
        options: Its other options.
    """
    given = contextlib.nullcontext() if client is None else httpx.Client(**client)
    with given as http_client:
        with Vocobase(KEY, base_url=url, **{"http_client": http_client, **options}) as vb:
            return [call(vb) for call in calls][-1]
