"""Ledgers block; asynchronous code calls them through ``async_run``, synchronous code through ``run``."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do it here."""
    return work(*args, **kwargs)


async def async_run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do it in a thread; however often this task is cancelled, the thread is over before that is raised.

    A claim that came after its worker had gone would be nobody's, and a file must not be closed beneath it.
    """
    context = contextvars.copy_context()

    def inside() -> T:
        return context.run(work, *args, **kwargs)

    # Not a task: the end of the loop cancels all of them, and then nobody would know when the thread is over.
    future = asyncio.get_running_loop().run_in_executor(None, inside)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        while not future.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([future])
        # Looked at, or it would be logged as never retrieved.
        future.exception()
        raise
