"""Ledgers block; asynchronous code calls them through ``async_run``, synchronous code through ``run``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do it here."""
    return work(*args, **kwargs)


async def async_run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do it in a thread; when this task is cancelled, the thread is over before that is raised.

    A claim that came after its worker had gone would be nobody's.
    """
    future = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait([future])
        # Looked at, or it would be logged as never retrieved.
        future.exception()
        raise
