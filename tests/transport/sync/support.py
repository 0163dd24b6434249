# Derived from tests/transport/aio/support.py by scripts/derive_sync.py; edit that instead.
"""Calls with a client of their own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import vocobase
from tests.transport.server import Server
from tests.transport.support import KEY, dial
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


def time_out(server: Server, **options: Any) -> vocobase.VocobaseError:
    """Return the error of a dial that was sent to a server whose response never arrives.

    A busy machine may not send it within the first timeout; then the error says so, and the next one is longer.
    """
    for seconds in (0.3, 3.0, 30.0):
        with pytest.raises(vocobase.VocobaseError) as caught:
            run(server.url, dial, timeout=seconds, **options)
        if not isinstance(caught.value, vocobase.TimeoutExceededError):
            break
        assert caught.value.sent is False
        assert [request for request in server.requests if request.startswith(b"POST")] == []
    return caught.value
