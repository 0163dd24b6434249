"""Stay within the documented requests per minute: acquire a permit before each request.

One class, ``Budgets``, keeps the rate limits of API keys; its subclasses say where: in this process, in
a Redis server, or in a ledger. Wherever it is shared, the clock of the server counts.
"""

from __future__ import annotations

import sys
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from typing import Any, cast
from uuid import uuid4

from vocobase._base.arguments import check_function, check_methods
from vocobase._base.clock import Clock
from vocobase._base.errors import ConnectionFailedError
from vocobase._base.forks import PerProcess
from vocobase._base.redis import open_redis, place_of_client
from vocobase._base.runtime import monotonic_time
from vocobase._base.secrets import conceal, drop_frames, reveal, takes_secrets
from vocobase._base.short_repr import ShortRepr
from vocobase._policy.operations import PER_MINUTE, WINDOW_SECONDS, Budget
from vocobase._policy.pacers import Pacer

# Others may acquire the next permit first, so a shared budget is checked no more often than this.
MIN_PAUSE_SECONDS = 0.05
REDIS_TIMEOUT_SECONDS = 5.0


class Budgets(ShortRepr, ABC):
    """The rate limits of API keys. A permit is free again a minute after it was acquired."""

    def try_acquire(self, budget: Budget, account: str) -> float:
        """Acquire one permit of a budget, or return the seconds after which to try again."""
        return self._acquire(f"{account}:{budget.value}", PER_MINUTE[budget])

    @abstractmethod
    def _acquire(self, name: str, permits: int) -> float:
        """Acquire one of the permits of a window, or return the seconds until one may be free."""


class LocalPacer(Budgets):
    """Keep the budgets in this process; thread-safe.

    Args:
        now: Returns seconds on a clock that never goes back; by default that of the machine.
    """

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        self._now = monotonic_time if now is None else check_function(now, "LocalPacer: now")
        self._lock = PerProcess(threading.Lock)
        self._acquired: dict[str, deque[float]] = {}

    def _acquire(self, name: str, permits: int) -> float:
        with self._lock.get():
            now = self._now()
            acquired = self._acquired.setdefault(name, deque())
            while acquired and acquired[0] <= now - WINDOW_SECONDS:
                acquired.popleft()
            if len(acquired) < permits:
                acquired.append(now)
                return 0.0
            return acquired[0] + WINDOW_SECONDS - now


def shared_pacer(clock: Clock) -> LocalPacer:
    """Return the pacer of all clients on a clock: budgets belong to keys, not to clients."""
    return cast(LocalPacer, clock.shared.setdefault(LocalPacer, LocalPacer(clock.monotonic)))


# A sorted set of permits by the microsecond at which each was acquired, by the clock of the server. Permits
# from the future, which exist if that clock was set back, count from now on.
_ACQUIRE = """
local time, window = redis.call('TIME'), tonumber(ARGV[2])
local now = time[1] * 1000000 + time[2]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))
for _, permit in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. string.format('%.0f', now), '+inf')) do
    redis.call('ZADD', KEYS[1], string.format('%.0f', now), permit)
end
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[1]) then
    redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[3])
    redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
    return 0
end
return redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] + window - now
"""


class RedisPacer(Budgets):
    """Share the budgets between processes and machines; needs the extra ``redis``.

    The clock of the server counts, so the clocks of the machines need not agree.

    Args:
        url: Address of the server, such as ``redis://localhost:6379``.

    Raises:
        ConfigurationError: the address cannot be used, or a package is missing.
    """

    @takes_secrets("url")
    def __init__(self, url: str) -> None:
        client, self._error = open_redis(conceal(url), "pace", seconds=REDIS_TIMEOUT_SECONDS)
        self._place = place_of_client(client)
        self._script: Callable[..., Any] = client.register_script(_ACQUIRE)

    def _about(self) -> str:
        return repr(self._place)

    def _acquire(self, name: str, permits: int) -> float:
        handled = sys.exception()
        window = int(WINDOW_SECONDS * 1_000_000)
        try:
            left = float(self._script([f"vocobase:budget:{name}"], [permits, window, uuid4().hex]))
        except self._error as error:
            kind = type(drop_frames(error, handled)).__name__
            raise ConnectionFailedError(f"pace: Redis does not respond ({kind}).", sent=False) from error
        return 0.0 if left <= 0 else max(MIN_PAUSE_SECONDS, left / 1_000_000)


class Acquired:
    """A pacer whose first permits were acquired in advance.

    Args:
        pacer: Supplies the permits after those.
        permits: How many were acquired.
    """

    def __init__(self, pacer: Pacer, permits: int) -> None:
        self._pacer, self._permits = pacer, permits

    def try_acquire(self, budget: Budget, account: str) -> float:
        """Use a permit that was acquired in advance, or call the pacer."""
        if self._permits > 0:
            self._permits -= 1
            return 0.0
        return self._pacer.try_acquire(budget, account)


def resolve_pace(value: object, clock: Clock) -> Pacer | None:
    """Return the pacer for a ``pace`` argument."""
    if isinstance(reveal(value), str):
        return RedisPacer(cast(str, value))
    value = reveal(value)
    if value is None or value is False:
        return None
    if value is True:
        return shared_pacer(clock)
    check_methods(
        value,
        "pace",
        "True, an address or file that shares the budgets, or an object with try_acquire()",
        "try_acquire",
    )
    return cast(Pacer, value)


def is_local(pacer: Pacer) -> bool:
    """Return whether a pacer never blocks."""
    return isinstance(pacer, LocalPacer)
