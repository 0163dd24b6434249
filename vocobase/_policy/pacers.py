"""Pacers: the interface, and its use by a request.

The pacers of the SDK are in `budgets`, which is loaded for paced clients only.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Protocol, cast, runtime_checkable

from vocobase._base.errors import APIError, ConfigurationError, VocobaseError
from vocobase._policy.operations import WINDOW_SECONDS, Budget

log = logging.getLogger("vocobase")


@runtime_checkable
class Pacer(Protocol):
    """An object that keeps budgets; you may pass your own as ``pace=``."""

    def try_acquire(self, budget: Budget, account: str) -> float:
        """Acquire one permit of a budget, or return the seconds after which to try again.

        Args:
            budget: The rate limit; ``PER_MINUTE`` has its size.
            account: Identifies the API key without revealing it.

        Returns:
            0 if the permit was acquired, else seconds.
        """
        ...


def warn_about_long_wait(error: VocobaseError | None, operation: str | None = None) -> None:
    """Log that a server asks to wait for longer than a window.

    Args:
        error: The error of the last request.
        operation: Its name for the log, where that of the error may hold the values of a path.
    """
    if isinstance(error, APIError) and (error.retry_after or 0.0) > WINDOW_SECONDS:
        text = "%s: the server asks to wait %g s (status %d); waiting %g s before the next attempt"
        log.warning(text, operation or error.operation, error.retry_after, error.status, WINDOW_SECONDS)


def log_budget_wait(operation: str, seconds: float) -> None:
    """Log that others use the budget of the same key."""
    text = "%s: others use the requests per minute of this key; waiting %.0f s"
    log.warning(text, operation, seconds)


def account_of(key: str) -> str:
    """Return a name for a key that does not reveal it."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def ask(pacer: Pacer, budget: Budget, account: str) -> float:
    """Acquire a permit from a pacer; return 0, or the seconds after which to try again.

    Raises:
        ConfigurationError: it did not return a number.
    """
    seconds = cast(object, pacer.try_acquire(budget, account))
    if not isinstance(seconds, (int, float)):
        raise ConfigurationError(f"pace: try_acquire() returned {type(seconds).__name__}; return seconds.")
    # Whatever the pacer says, a permit is free again after a window.
    return min(WINDOW_SECONDS, max(0.0, seconds))
