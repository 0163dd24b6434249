"""Iterate over the newest calls."""

from __future__ import annotations

from collections.abc import AsyncIterator

from vocobase._waiting.matches import CallFilter
from vocobase_raw.models.call import Call


async def filtered(calls: AsyncIterator[Call], wanted: CallFilter) -> AsyncIterator[Call]:
    """Yield the calls of a list, newest first, that are wanted; end when all others are too old."""
    async for call in calls:
        if wanted.ends_at(call):
            return
        if wanted.includes(call):
            yield call
