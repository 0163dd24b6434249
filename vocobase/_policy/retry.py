"""Whether to retry a request and how long to wait: pure functions, no clock and no I/O."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from vocobase._base.errors import (
    APIError,
    CertificateError,
    ConfigurationError,
    ConnectionFailedError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitError,
    ResponseError,
    ServerError,
    VocobaseError,
)
from vocobase._policy.operations import WINDOW_SECONDS, Operation, RetrySafety

# Statuses after which the same request may succeed.
TEMPORARY_STATUSES = frozenset({408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
FIRST_DELAY_SECONDS = 0.5
MAX_DELAY_SECONDS = 8.0
# A paced request waits for this many windows while others use up the budget of its key.
MAX_BUDGET_WAITS = 10


def is_not_processed(error: VocobaseError) -> bool:
    """Return whether the server certainly did not process the request."""
    # A closed client, or one of another event loop or process, is rejected before anything is sent.
    if isinstance(error, ConfigurationError):
        return True
    if isinstance(error, ConnectionFailedError):
        return not error.sent
    # A 429 is a clear refusal for every operation; so is any other 4xx except the request timeout. Of the
    # redirects, only two say that the request is still to be made: a 303 follows a request that was
    # processed.
    status = error.status if isinstance(error, (APIError, ResponseError)) else None
    return status is not None and (status in (307, 308) or (400 <= status < 500 and status != 408))


def is_retryable(operation: Operation, error: VocobaseError) -> bool:
    """Return whether a retry is both safe and likely to help."""
    helps = may_reconnect(error) or (isinstance(error, APIError) and error.status in TEMPORARY_STATUSES)
    return helps and (operation.safety is RetrySafety.SAFE or is_not_processed(error))


def may_reconnect(error: VocobaseError) -> bool:
    """Return whether a later connection may succeed."""
    return isinstance(error, ConnectionFailedError) and not isinstance(error, CertificateError)


def is_temporary(error: VocobaseError) -> bool:
    """Return whether the same read may succeed later."""
    if isinstance(error, APIError):
        return error.status in TEMPORARY_STATUSES or isinstance(error, ServerError)
    return may_reconnect(error) or isinstance(error, ResponseError)


def already_deleted(operation: Operation, error: VocobaseError) -> bool:
    """Return whether a retried deletion found nothing because the lost attempt had deleted the object."""
    return operation.is_deletion and isinstance(error, NotFoundError)


def backoff(
    attempt: int, random: float, *, first: float = FIRST_DELAY_SECONDS, longest: float = MAX_DELAY_SECONDS
) -> float:
    """Return the seconds to wait after a failed attempt: full jitter under an exponential cap.

    Args:
        attempt: 1 after the first failure.
        random: A number between 0 and 1.
        first: Cap of the first delay in seconds.
        longest: Cap of every delay in seconds.
    """
    return random * min(longest, first * 2.0 ** (attempt - 1))


def delay(
    operation: Operation,
    error: VocobaseError,
    *,
    attempt: int,
    max_retries: int,
    remaining: float,
    random: Callable[[], float],
) -> float | None:
    """Return the seconds to wait before the next attempt, None if there must be none.

    A Retry-After replaces the backoff; if it does not fit into the remaining time, the error is raised
    immediately.
    """
    if attempt > max_retries or not is_retryable(operation, error):
        return None
    requested = requested_wait(error)
    seconds = backoff(attempt, random()) if requested is None else requested
    return seconds if seconds < remaining else None


def budget_wait(error: VocobaseError, waits: int) -> float | None:
    """Return the seconds after which a used-up budget is full again, None if that is not the error.

    A pacer knows the requests of its own processes only; a 429 reveals those of others with the same key.
    The request was not processed, so every operation may wait, as for a permit.

    Args:
        error: The error of the last attempt.
        waits: How often this request has waited already.
    """
    if not isinstance(error, RateLimitError) or waits >= MAX_BUDGET_WAITS:
        return None
    requested = requested_wait(error)
    return WINDOW_SECONDS if requested is None else requested


def final_error(operation: Operation, error: VocobaseError) -> VocobaseError:
    """Return the error for the caller: an unknown outcome says so, whatever caused it."""
    if operation.safety is RetrySafety.SAFE or is_not_processed(error):
        return error
    what = f"{operation.key}: {error.message.removeprefix(operation.key + ': ')}"
    if isinstance(error, APIError):
        what = f"{operation.key}: HTTP {error.status} {error.code}".rstrip()
        what += f" (request {error.request_id})." if error.request_id else "."
    return OutcomeUnknownError(
        f"{what} The API may or may not have processed it; {operation.advice}", operation=operation.key
    )


def requested_wait(error: VocobaseError) -> float | None:
    """Return the seconds that a server asks to wait, None if it named none.

    Every budget is full again after its window, so nothing waits longer, whatever the server asks for.
    """
    requested = error.retry_after if isinstance(error, APIError) else None
    return None if requested is None else min(requested, WINDOW_SECONDS)


def parse_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds of a Retry-After, which may be an HTTP date; None if it is absent or invalid."""
    seconds = headers.get("retry-after", "")
    found = (_number(headers.get("retry-after-ms", ""), 1000), _number(seconds, 1), _until(seconds, now))
    return next((each for each in found if each is not None), None)


def _number(text: str, unit: int) -> float | None:
    try:
        number = float(text) / unit
    except ValueError:
        return None
    return number if 0 <= number < math.inf else None


def _until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, OverflowError):
        return None
