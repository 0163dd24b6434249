"""What a cancelled request leaves in the pool of connections.

httpcore tidies up in steps that wait for locks of anyio, and asyncio cancels there as well as anywhere else.
A connection would then count as busy for ever, and after a hundred of them nothing could be sent any more.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx

from vocobase._base.errors import ConfigurationError
from vocobase._policy.messages import Request
from vocobase._transport.async_stream import AsyncBackend
from vocobase._transport.attempt import OURS
from vocobase._transport.inside import pool_of, use_backend


class TidyTransport(httpx.AsyncHTTPTransport):
    """httpx's transport, of which a cancelled request takes nothing away."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        use_backend(self, AsyncBackend())

    async def forget(self, request: Request) -> None:
        """Close the connection of a request that is over, and every other one that no request has."""
        try:
            pool = pool_of(self)
        except ConfigurationError:
            # Looked at when the transport was made; a cancellation must go on in any case.
            return
        pool._requests[:] = [
            kept for kept in pool._requests if kept.request.extensions.get(OURS) is not request
        ]
        used = [kept.connection for kept in pool._requests]
        lost = [found for found in pool.connections if found not in used and not found.is_idle()]
        pool._connections[:] = [found for found in pool._connections if found not in lost]
        # Others may wait for the room.
        lost += pool._assign_requests_to_connections()
        for connection in lost:
            # The cancellation goes on, whatever becomes of a connection that nobody has.
            with suppress(Exception):
                await connection.aclose()
