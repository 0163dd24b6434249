"""Remembering which events were handled: the contract of a store, and one in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Literal, Protocol

from vocobase._base.arguments import check_function, check_whole, is_number
from vocobase._base.errors import ConfigurationError
from vocobase._base.forks import PerProcess
from vocobase._base.runtime import NeverBack, wall_time

Outcome = Literal["claimed", "busy", "done"]

# Repetitions come within a minute of the first attempt; a day also covers a replay by hand.
DEFAULT_TTL: Final = 86_400.0


class Dedupe(Protocol):
    """What a store of handled events must do; each method is atomic, also between threads and processes."""

    def claim(self, key: str, token: str, lease: float) -> Outcome:
        """Take an event for a handler.

        Args:
            key: Identifies the event.
            token: Identifies the handler.
            lease: Seconds after which the claim is void unless it is renewed.

        Returns:
            ``claimed``; or ``busy`` when another handler holds it, or ``done`` when it was confirmed.
        """
        ...

    def renew(self, key: str, token: str, lease: float) -> bool:
        """Let a claim begin anew; return False when the handler does not hold it any more."""
        ...

    def confirm(self, key: str) -> None:
        """Remember that the event was handled, whoever holds it."""
        ...

    def release(self, key: str, token: str) -> None:
        """Give up a claim, if the handler still holds it."""
        ...


class MemoryDedupe:
    """Remember events in this process; they are forgotten when it ends.

    Args:
        size: Number of handled events to remember; the oldest are forgotten first.
        ttl: Seconds for which to remember them.
        clock: Returns seconds; the wall clock by default.

    Raises:
        ConfigurationError: ``size`` or ``ttl`` is not above 0.
    """

    def __init__(
        self, size: int = 10_000, ttl: float = DEFAULT_TTL, *, clock: Callable[[], float] | None = None
    ) -> None:
        self._size = check_whole(size, "size", 1)
        self._ttl = check_ttl(ttl)
        self._clock = NeverBack(wall_time if clock is None else check_function(clock, "clock"))
        self._lock = PerProcess(threading.Lock)
        self._claims: dict[str, tuple[str, float]] = {}
        # All live equally long, so the order of confirmation is the order of expiry.
        self._done: OrderedDict[str, float] = OrderedDict()

    def claim(self, key: str, token: str, lease: float) -> Outcome:
        """Take an event for a handler."""
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
        """Let a claim begin anew."""
        with self._lock.get():
            held = key in self._claims and self._claims[key][0] == token
            if held:
                self._claims[key] = (token, self._clock() + lease)
            return held

    def confirm(self, key: str) -> None:
        """Remember that the event was handled."""
        with self._lock.get():
            self._claims.pop(key, None)
            self._done.pop(key, None)
            self._done[key] = self._clock() + self._ttl
            while len(self._done) > self._size:
                self._done.popitem(last=False)

    def release(self, key: str, token: str) -> None:
        """Give up a claim."""
        with self._lock.get():
            if key in self._claims and self._claims[key][0] == token:
                del self._claims[key]

    def _forget(self, now: float) -> None:
        while self._done and next(iter(self._done.values())) <= now:
            self._done.popitem(last=False)
        for key in [key for key, (_, until) in self._claims.items() if until <= now]:
            del self._claims[key]


def check_ttl(ttl: float) -> float:
    """Return a number of seconds.

    Raises:
        ConfigurationError: It is not above 0, or longer than a hundred years.
    """
    if not is_number(ttl) or not 0 < ttl <= 3_153_600_000:
        raise ConfigurationError("ttl must be a number of seconds above 0.")
    return float(ttl)
