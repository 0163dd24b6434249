"""Sleep, threads and concurrency: every wait of the SDK goes through this module.

`AsyncRuntime` and `Runtime` are a matching pair over one `Clock`, so that derived code differs only in
``await``. Nothing else in the SDK sleeps. Each client has a runtime; code without a client (webhook
receivers, ledgers, stores of handled events) uses the runtime that is installed at the time of use.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, cast

from vocobase._base.arguments import is_async
from vocobase._base.clock import SYSTEM, Clock
from vocobase._base.errors import ConfigurationError

P = ParamSpec("P")
T = TypeVar("T")
V = TypeVar("V")
# How to pass the time of a wait.
Sleep = Callable[[float], object]
AsyncSleep = Callable[[float], Awaitable[object]]


class OnClock:
    """The methods that both runtimes take from their clock, bound once because every call needs them.

    Attributes:
        clock: The clock.
        time: See `Clock.time`.
        now: See `Clock.now`.
        monotonic: See `Clock.monotonic`.
        random: See `Clock.random`.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock: Clock = clock
        self.time: Callable[[], float] = clock.time
        self.now: Callable[[], datetime] = clock.now
        self.monotonic: Callable[[], float] = clock.monotonic
        self.random: Callable[[], float] = clock.random


class Runtime(OnClock):
    """The runtime of a synchronous client.

    Args:
        clock: Its clock; that of the machine by default.
    """

    # Whether functions of the user may be async.
    awaits = False

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock or SYSTEM)

    def apply(self, function: Callable[[V], T | Awaitable[T]], values: Iterable[V]) -> list[T]:
        """Call a function of the user with each of some values, in the calling thread."""
        return [cast(T, function(value)) for value in values]

    def sleep(self, seconds: float) -> None:
        """Pause the calling thread."""
        time.sleep(seconds)

    def sleep_unlimited(self, seconds: float) -> None:
        """Pause within a wait that has no time limit; fixtures end one that would never end."""
        self.sleep(seconds)

    def run_blocking(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that blocks, in the calling thread: there is no event loop to block."""
        return work(*args, **kwargs)

    def run_shielded(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that blocks and must not be abandoned halfway."""
        return work(*args, **kwargs)

    def shield(self, result: T, undo: Callable[[T], object] | None = None) -> T:
        """Return a result that must not be lost; a thread cannot be cancelled."""
        return result

    def gather(
        self, work: Callable[[int], None], count: int, concurrency: int, stop: Callable[[], None]
    ) -> None:
        """Run ``work(0)`` to ``work(count - 1)`` in threads.

        If one of them raises, or on Ctrl-C, call ``stop``, wait for those that run, and raise.
        """
        # Lazy, as only uploads of several files need it.
        from vocobase._base.threads import Workers

        Workers(work, count, concurrency, stop).run()


def running_loop(what: str = "AsyncVocobase", instead: str = "Vocobase in trio.to_thread.run_sync") -> Any:
    """Return the running event loop of asyncio.

    Args:
        what: The object that needs it, for the message.
        instead: What to use under another library.

    Raises:
        ConfigurationError: there is none, as under trio.
    """
    import asyncio

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        pass
    raise ConfigurationError(
        f"{what} runs on asyncio only, and no event loop of asyncio is running; under trio, use {instead}."
        " Nothing was sent."
    )


class AsyncRuntime(OnClock):
    """The runtime of an asynchronous client; each method is the twin of the one in `Runtime`.

    Args:
        clock: Its clock; that of the machine by default.
    """

    awaits = True

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock or SYSTEM)

    async def apply(self, function: Callable[[V], T | Awaitable[T]], values: Iterable[V]) -> list[T]:
        """Call a function of the user with each of some values: awaited, or in a thread as it may block."""
        if is_async(function):
            return [await cast(Awaitable[T], function(value)) for value in values]
        return await self.run_blocking(lambda: [cast(T, function(value)) for value in values])

    async def sleep(self, seconds: float) -> None:
        """Pause the calling task."""
        import asyncio

        running_loop()
        await asyncio.sleep(seconds)

    async def sleep_unlimited(self, seconds: float) -> None:
        """Pause within a wait that has no time limit; fixtures end one that would never end."""
        await self.sleep(seconds)

    async def run_blocking(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that blocks in a thread; a cancelled task does not wait for it."""
        import asyncio

        running_loop()
        return await asyncio.to_thread(work, *args, **kwargs)

    async def run_shielded(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that blocks in a thread, which ends before a cancellation is raised.

        This holds however often the task is cancelled: a claim that arrives after its worker has gone would
        be lost, and a file must not be closed under the thread that writes to it.
        """
        import asyncio
        import contextvars

        context = contextvars.copy_context()

        def inside() -> T:
            return context.run(work, *args, **kwargs)

        # Not a task: the end of the loop cancels all tasks, and then the end of the thread would be unknown.
        future: asyncio.Future[T] = running_loop().run_in_executor(None, inside)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            while not future.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([future])
            # Retrieved, or asyncio would log it as never retrieved.
            future.exception()
            raise

    async def shield(self, work: Awaitable[T], undo: Callable[[T], Awaitable[object]] | None = None) -> T:
        """Wait for work whose result must not be lost: a cancellation waits for it, and undoes it.

        A second cancellation does not wait; the result is still undone, as long as the event loop runs.
        """
        import asyncio

        try:
            running_loop()
        except ConfigurationError:
            if isinstance(work, Coroutine):
                work.close()  # or Python would warn that it was never awaited
            raise
        task = asyncio.ensure_future(work)

        async def finish() -> None:
            # The cancellation counts, not the outcome of the work.
            with suppress(Exception):
                result = await task
                if undo is not None:
                    await undo(result)

        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([asyncio.ensure_future(finish())])
            raise

    async def gather(
        self, work: Callable[[int], Awaitable[None]], count: int, concurrency: int, stop: Callable[[], None]
    ) -> None:
        """Run ``work(0)`` to ``work(count - 1)`` in tasks.

        If one of them raises, or on cancellation, call ``stop``, cancel the others, wait for them, and
        raise.
        """
        import asyncio

        running_loop()
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


# For waits on other processes, whose clock is that of the machine.
SYSTEM_RUNTIME = Runtime()
# The last pair is in use. There is more than one only while a test has installed its own.
_installed: list[tuple[Runtime, AsyncRuntime]] = [(SYSTEM_RUNTIME, AsyncRuntime())]


def current_runtime() -> Runtime:
    """Return the runtime for synchronous code without its own."""
    return _installed[-1][0]


def async_current_runtime() -> AsyncRuntime:
    """Return the runtime for asynchronous code without its own."""
    return _installed[-1][1]


def wall_time() -> float:
    """Return the seconds since 1970 by the installed clock, the default of every ``clock`` argument."""
    return current_runtime().time()


def monotonic_time() -> float:
    """Return the seconds of the installed clock that never goes back."""
    return current_runtime().monotonic()


@contextmanager
def installed(sync: Runtime, asynchronous: AsyncRuntime) -> Generator[None]:
    """Install a pair of runtimes, inside the block, for code of this process without its own."""
    pair = (sync, asynchronous)
    _installed.append(pair)
    try:
        yield
    finally:
        _installed.remove(pair)
