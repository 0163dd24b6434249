"""Hooks that a caller gives to a client of httpx, for each of its two clients."""

from __future__ import annotations

import httpx


def read(response: httpx.Response) -> None:
    """Read the body before the SDK does."""
    response.read()


async def async_read(response: httpx.Response) -> None:
    """Read the body before the SDK does."""
    await response.aread()
