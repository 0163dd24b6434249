"""The transport of an asynchronous client: that of httpx, with deadlines, and safe from cancellations."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx

from vocobase._policy.messages import Request
from vocobase._transport.async_stream import AsyncBackend
from vocobase._transport.inside import take_unused, use_backend


class AsyncOwnTransport(httpx.AsyncHTTPTransport):
    """The asynchronous transport of httpx; a cancelled request leaves no connection busy.

    httpcore cleans up in steps that wait for locks of anyio, and asyncio can cancel these steps too. A
    connection would then count as busy forever, and after a hundred of them no request could be sent.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        use_backend(self, AsyncBackend())

    async def forget(self, request: Request) -> None:
        """Close the connection of an interrupted request, and every other busy one that no request uses."""
        # The cancellation must continue, whatever becomes of the pool and of unused connections.
        with suppress(Exception):
            for connection in take_unused(self, request, with_idle=False):
                with suppress(Exception):
                    await connection.aclose()
