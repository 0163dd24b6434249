"""Repair the pool of connections after a cancelled request.

httpcore cleans up in steps that wait for locks of anyio, and asyncio can cancel these steps too. A connection
would then count as busy forever, and after a hundred of them no request could be sent.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx

from vocobase._base.errors import ConfigurationError
from vocobase._policy.messages import Request
from vocobase._transport.async_stream import AsyncBackend
from vocobase._transport.attempt import OUR_REQUEST
from vocobase._transport.inside import pool_of, use_backend


class TidyTransport(httpx.AsyncHTTPTransport):
    """The transport of httpx; a cancelled request leaves no connection busy."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        use_backend(self, AsyncBackend())

    async def forget(self, request: Request) -> None:
        """Close the connection of a request that has ended, and every other one that no request uses."""
        try:
            pool = pool_of(self)
        except ConfigurationError:
            # Checked when the transport was created; a cancellation must continue in any case.
            return
        pool._requests[:] = [
            kept for kept in pool._requests if kept.request.extensions.get(OUR_REQUEST) is not request
        ]
        used = [kept.connection for kept in pool._requests]
        lost = [found for found in pool.connections if found not in used and not found.is_idle()]
        pool._connections[:] = [found for found in pool._connections if found not in lost]
        # Other requests may wait for a connection.
        lost += pool._assign_requests_to_connections()
        for connection in lost:
            # The cancellation must continue, even if an unused connection cannot be closed.
            with suppress(Exception):
                await connection.aclose()
