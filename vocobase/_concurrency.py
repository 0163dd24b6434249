"""What differs in kind between the two clients: several pieces of work at once, in threads or in tasks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

from vocobase._errors import VocobaseError

# Seconds after which a waiting thread looks up: Python may miss a Ctrl-C that comes just before it begins to
# wait, and Windows lets none through while it waits.
GLANCE = 0.5

P = ParamSpec("P")
T = TypeVar("T")


def together(work: Callable[[int], None], count: int, concurrency: int, stop: Callable[[], None]) -> None:
    """Do pieces 0 to ``count`` in threads; when one raises, or on Ctrl-C, stop the others and wait."""
    from concurrent.futures import ThreadPoolExecutor

    changed = threading.Condition()
    running: set[int] = set()
    ended: list[int] = []
    failures: list[BaseException] = []

    def run(number: int) -> None:
        with changed:
            running.add(number)
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 - it is raised again below
            # Before the others raise what they raise because of it.
            failures.append(error)
            stop()
        finally:
            with changed:
                running.discard(number)
                ended.append(number)
                changed.notify_all()

    with ThreadPoolExecutor(concurrency, thread_name_prefix="vocobase") as pool:
        try:
            for number in range(count):
                pool.submit(run, number)
            with changed:
                while len(ended) < count and not failures:
                    changed.wait(GLANCE)
        finally:
            stop()
            pool.shutdown(wait=False, cancel_futures=True)
            # Ctrl-C while a thread is started leaves one that the pool does not know.
            with changed:
                while running:
                    changed.wait(GLANCE)
    if failures:
        raise failures[0]


async def async_together(
    work: Callable[[int], Awaitable[None]], count: int, concurrency: int, stop: Callable[[], None]
) -> None:
    """Do pieces 0 to ``count`` in tasks; when one raises, or on cancellation, cancel the others and wait."""
    numbers = iter(range(count))

    async def worker() -> None:
        for number in numbers:
            await work(number)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(concurrency, count)):
                group.create_task(worker())
    except BaseExceptionGroup as failures:
        first = failures.exceptions[0]
        raise first from first.__cause__
    finally:
        stop()


def settled(result: T, undo: Callable[[T], object]) -> T:
    """Return the result: a thread is not cancelled."""
    return result


async def async_settled(work: Awaitable[T], undo: Callable[[T], Awaitable[object]]) -> T:
    """Wait for work that must not be left half known: a cancellation waits for its outcome and undoes it.

    A second cancellation does not wait; the outcome is still undone, as long as the event loop runs.
    """
    task = asyncio.ensure_future(work)

    async def take_back() -> None:
        with suppress(VocobaseError):
            await undo(await task)

    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([asyncio.ensure_future(take_back())])
        raise


def finished(result: T) -> T:
    """Return the result: a thread is not cancelled."""
    return result


async def async_finished(work: Awaitable[T]) -> T:
    """Wait for work that tidies up: a cancellation waits until it is done."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def off_loop(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do it here: there is no event loop to hold up."""
    return work(*args, **kwargs)


async def async_off_loop(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do slow work of the disk in a thread."""
    return await asyncio.to_thread(work, *args, **kwargs)
