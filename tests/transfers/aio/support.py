"""Calls with a client of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.transfers.support import ADDRESS
from vocobase import AsyncVocobase


async def async_run(transport: Any, call: Callable[[Any], Any], **options: Any) -> Any:
    """Return what a call gives with a client of this transport."""
    async with AsyncVocobase(transport=transport, **{**ADDRESS, **options}) as vb:
        return await call(vb)
