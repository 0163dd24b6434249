"""Stores of handled events: their protocol, and one in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Literal, Protocol

from vocobase._base.arguments import check_function, check_whole, is_number
from vocobase._base.clock import NeverBack
from vocobase._base.errors import ConfigurationError
from vocobase._base.forks import PerProcess
from vocobase._base.runtime import wall_time
from vocobase._base.short_repr import ShortRepr

Outcome = Literal["claimed", "busy", "done"]

# Vocobase retries within a minute of the first attempt; a day also covers a manual replay.
DEFAULT_TTL_SECONDS: Final = 86_400.0


class Dedupe(Protocol):
    """A store of handled events. Each method is atomic, also between threads and processes."""

    def claim(self, key: str, token: str, lease: float) -> Outcome:
        """Claim an event for a handler.

        Args:
            key: Identifies the event.
            token: Identifies the handler.
            lease: Seconds after which the claim expires unless it is renewed.

        Returns:
            ``claimed``; ``busy`` if another handler holds the event; ``done`` if it was confirmed.
        """
        ...

    def renew(self, key: str, token: str, lease: float) -> bool:
        """Extend a claim by its lease; return False if the handler no longer holds it."""
        ...

    def confirm(self, key: str) -> None:
        """Record that the event was handled, whichever handler holds it."""
        ...

    def release(self, key: str, token: str) -> None:
        """Release a claim, if the handler still holds it."""
        ...


class MemoryDedupe(ShortRepr):
    """Remember handled events in the memory of this process.

    Args:
        size: Number of handled events to remember; the oldest are forgotten first.
        ttl: Seconds for which to remember them.
        clock: Returns seconds; the wall clock by default.

    Raises:
        ConfigurationError: ``size`` or ``ttl`` is not above 0.
    """

    def __init__(
        self,
        size: int = 10_000,
        ttl: float = DEFAULT_TTL_SECONDS,
        *,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._size = check_whole(size, "size", 1)
        self._ttl = check_ttl(ttl)
        self._clock = NeverBack(wall_time if clock is None else check_function(clock, "clock"))
        self._lock = PerProcess(threading.Lock)
        self._claims: dict[str, tuple[str, float]] = {}
        # All have the same lifetime, so they expire in the order of their confirmation.
        self._done: OrderedDict[str, float] = OrderedDict()

    def _about(self) -> str:
        return f"size={self._size}, ttl={self._ttl:g}"

    def claim(self, key: str, token: str, lease: float) -> Outcome:
        """Claim an event for a handler."""
        with self._lock.get():
            now = self._clock()
            self._forget(now)
            if key in self._done:
                return "done"
            if key in self._claims:
                return "busy"
            self._claims[key] = (token, now + lease)
            return "claimed"

    def renew(self, key: str, token: str, lease: float) -> bool:
        """Extend a claim by its lease."""
        with self._lock.get():
            held = key in self._claims and self._claims[key][0] == token
            if held:
                self._claims[key] = (token, self._clock() + lease)
            return held

    def confirm(self, key: str) -> None:
        """Record that the event was handled."""
        with self._lock.get():
            self._claims.pop(key, None)
            self._done.pop(key, None)
            self._done[key] = self._clock() + self._ttl
            while len(self._done) > self._size:
                self._done.popitem(last=False)

    def release(self, key: str, token: str) -> None:
        """Release a claim."""
        with self._lock.get():
            if key in self._claims and self._claims[key][0] == token:
                del self._claims[key]

    def _forget(self, now: float) -> None:
        while self._done and next(iter(self._done.values())) <= now:
            self._done.popitem(last=False)
        for key in [key for key, (_, until) in self._claims.items() if until <= now]:
            del self._claims[key]


def check_ttl(ttl: float) -> float:
    """Return a lifetime in seconds, after a check.

    Raises:
        ConfigurationError: it is not above 0, or is longer than a hundred years.
    """
    if not is_number(ttl) or not 0 < ttl <= 3_153_600_000:
        raise ConfigurationError("ttl must be a number of seconds above 0.")
    return float(ttl)
