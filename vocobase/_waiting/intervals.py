"""The interval between two polls: pure."""

from __future__ import annotations

from vocobase._base.errors import VocobaseError
from vocobase._policy.cadence import FIRST_INTERVAL_SECONDS, INTERVAL_GROWTH, MAX_INTERVAL_SECONDS
from vocobase._policy.retry import requested_wait


class PollInterval:
    """An interval that grows with every poll, up to a limit."""

    def __init__(self, first: float = FIRST_INTERVAL_SECONDS, longest: float = MAX_INTERVAL_SECONDS) -> None:
        self._seconds = first
        self._longest = longest

    def advance(self) -> float:
        """Return the seconds until the next poll, and let the interval grow."""
        seconds = self._seconds
        self._seconds = min(self._longest, seconds * INTERVAL_GROWTH)
        return seconds


def delay_before_poll(seconds: float, jitter: float, random: float, error: VocobaseError | None) -> float:
    """Return the seconds until the next poll: the interval with its jitter, or longer if the server asks for
    it.

    Args:
        seconds: The interval.
        jitter: Share of the interval by which it may be shorter or longer.
        random: A random number from 0 to 1.
        error: The error of the last read, None if it succeeded.
    """
    requested = None if error is None else requested_wait(error)
    return max(seconds * (1 + jitter * (2 * random - 1)), requested or 0.0)
