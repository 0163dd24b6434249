"""Stay within the documented requests per minute: wait before sending instead of being refused."""

from __future__ import annotations

import hashlib
import logging
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, cast, runtime_checkable

from vocobase._base.arguments import check_function, check_methods
from vocobase._base.errors import APIError, ConfigurationError, ConnectionFailedError, VocobaseError
from vocobase._base.forks import PerProcess
from vocobase._base.runtime import AsyncRuntime, Clock, Runtime, monotonic_time, wall_time
from vocobase._base.secrets import drop_frames, reveal, takes_secrets
from vocobase._policy.operations import PER_MINUTE, WINDOW_SECONDS, Budget

log = logging.getLogger("vocobase")
# Redis tells when room comes, but others may take it first, so nobody asks more often than this.
MIN_PAUSE_SECONDS = 0.05


@runtime_checkable
class Pacer(Protocol):
    """What keeps a budget; your own may be passed as ``pace=``."""

    def reserve(self, budget: Budget, account: str) -> float:
        """Take one place of a budget, or tell in how many seconds to ask again.

        Args:
            budget: Which rate limit; ``PER_MINUTE`` has its size.
            account: Stands for the API key, without being it.

        Returns:
            0 when the place was taken, else seconds.
        """
        ...


class LocalPacer:
    """Keep the budgets of this process; thread-safe. A place is free again a minute after it was taken.

    Args:
        now: Returns seconds on a clock that never goes back; that of the machine by default.
    """

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        self._now = monotonic_time if now is None else check_function(now, "LocalPacer: now")
        self._lock = PerProcess(threading.Lock)
        self._taken: dict[tuple[Budget, str], deque[float]] = {}

    def reserve(self, budget: Budget, account: str) -> float:
        """Take one place of a budget, or tell in how many seconds to ask again."""
        with self._lock.get():
            now = self._now()
            taken = self._taken.setdefault((budget, account), deque())
            while taken and taken[0] <= now - WINDOW_SECONDS:
                taken.popleft()
            if len(taken) < PER_MINUTE[budget]:
                taken.append(now)
                return 0.0
            return taken[0] + WINDOW_SECONDS - now


def shared_pacer(clock: Clock) -> LocalPacer:
    """Return the pacer of all clients on a clock: budgets belong to keys, not to clients."""
    return cast(LocalPacer, clock.shared.setdefault(LocalPacer, LocalPacer(clock.monotonic)))


class RedisPacer:
    """Share the budgets between processes and machines; needs ``vocobase[redis]``.

    The clocks of the machines must agree: a place that was taken by a clock that is behind is free too early.
    One that is ahead makes nobody wait longer than a minute.

    Args:
        url: Address of the server, such as ``redis://localhost:6379``.
    """

    @takes_secrets("url")
    def __init__(self, url: str) -> None:
        try:
            from limits import RateLimitItemPerMinute
            from limits.storage import RedisStorage
            from limits.strategies import MovingWindowRateLimiter
        except ImportError as error:
            raise ConfigurationError("pace: Redis needs more packages; install vocobase[redis].") from error
        try:
            storage = RedisStorage(
                reveal(url), wrap_exceptions=True, socket_timeout=5, socket_connect_timeout=5
            )
            self._limiter: Any = MovingWindowRateLimiter(storage)
            fault = ""
        except Exception as error:  # noqa: BLE001 - whatever the driver makes of a wrong address
            fault = type(error).__name__
        if fault:
            raise ConfigurationError(f"pace: this address of Redis cannot be used: {fault}.")
        self._items = {budget: RateLimitItemPerMinute(number) for budget, number in PER_MINUTE.items()}

    def reserve(self, budget: Budget, account: str) -> float:
        """Take one place of a budget, or tell in how many seconds to ask again."""
        from limits.errors import StorageError

        item, handled = self._items[budget], sys.exception()
        try:
            if self._limiter.hit(item, "vocobase", budget.value, account):
                return 0.0
            reset: float = self._limiter.get_window_stats(item, "vocobase", budget.value, account).reset_time
        except StorageError as error:
            kind = type(drop_frames(error, handled).storage_error).__name__
            raise ConnectionFailedError(f"pace: Redis does not answer ({kind}).", sent=False) from error
        # Places carry the time of the machine that took them, whose clock may be ahead.
        return min(WINDOW_SECONDS, max(MIN_PAUSE_SECONDS, reset - wall_time()))


class Prepaid:
    """A pacer that has taken some places beforehand."""

    def __init__(self, pacer: Pacer, places: int) -> None:
        self._pacer, self._places = pacer, places

    def reserve(self, budget: Budget, account: str) -> float:
        """Give a place that was taken, or ask the pacer."""
        if self._places > 0:
            self._places -= 1
            return 0.0
        return self._pacer.reserve(budget, account)


def resolve_pace(value: object, clock: Clock) -> Pacer | None:
    """Turn the ``pace`` argument into what keeps the budgets."""
    if isinstance(reveal(value), str):
        return RedisPacer(cast(str, value))
    value = reveal(value)
    if value is None or value is False:
        return None
    if value is True:
        return shared_pacer(clock)
    check_methods(
        value, "pace", "True, the address of a Redis server, or an object with reserve()", "reserve"
    )
    return cast(Pacer, value)


def warn_about_long_wait(error: VocobaseError | None) -> None:
    """Log that a server wants to be left alone for longer than `wait_of` allows."""
    if isinstance(error, APIError) and (error.retry_after or 0.0) > WINDOW_SECONDS:
        text = "%s: the server asks to wait %g s (status %d); waiting %g s before the next attempt"
        log.warning(text, error.operation, error.retry_after, error.status, WINDOW_SECONDS)


def account_of(key: str) -> str:
    """Return what stands for a key where others can read it."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _asked(pacer: Pacer, budget: Budget, account: str) -> float:
    """Ask the pacer for a permit; return 0, or the seconds after which to ask again.

    Raises:
        ConfigurationError: it did not return a number.
    """
    seconds = cast(object, pacer.reserve(budget, account))
    if not isinstance(seconds, (int, float)):
        raise ConfigurationError(f"pace: reserve() returned {type(seconds).__name__}; return seconds.")
    # Whatever a server elsewhere says, it is asked again after a window.
    return min(WINDOW_SECONDS, max(0.0, seconds))


def reserve(pacer: Pacer, budget: Budget, account: str, runtime: Runtime) -> float:
    """Ask the pacer for a permit; return 0, or the seconds after which to ask again."""
    return runtime.run_blocking(_asked, pacer, budget, account)


async def async_reserve(pacer: Pacer, budget: Budget, account: str, runtime: AsyncRuntime) -> float:
    """Ask the pacer without holding up the event loop."""
    if isinstance(pacer, LocalPacer):
        return _asked(pacer, budget, account)
    return await runtime.run_blocking(_asked, pacer, budget, account)
