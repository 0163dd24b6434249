"""The outcome of sending a file to the object store once, or of fetching it once: pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from vocobase._base.errors import (
    ConnectionFailedError,
    ResponseError,
    UploadExpiredError,
    UploadRejectedError,
)
from vocobase._policy.messages import Response
from vocobase._policy.retry import may_reconnect
from vocobase._transfers.object_store import described, is_expired, is_temporary


class Verdict(Enum):
    """The next step of a transfer after an attempt."""

    DONE = "done"
    # The same request may succeed later.
    RETRY = "retry"
    # The presigned URL has expired; another one may work.
    RENEW = "renew"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one attempt.

    Attributes:
        verdict: The next step.
        error: The error to raise if it does not continue; None only when it is done.
    """

    verdict: Verdict
    error: BaseException | None = None


DONE = Outcome(Verdict.DONE)


def upload_outcome(
    result: Response | ConnectionFailedError, what: str, *, taken: int, size: int, url_expired: bool
) -> Outcome:
    """Return the outcome of one PUT.

    Args:
        result: The response of the object store, or the error without one.
        what: Operation, for messages.
        taken: Number of bytes that the transport took.
        size: Number of bytes of the file.
        url_expired: Whether the lifetime of the URL is over. A store that refuses a URL without reading the
            body can break the connection, and its response is lost.
    """
    if not isinstance(result, Response) and not may_reconnect(result):
        return Outcome(Verdict.FAIL, result)
    if isinstance(result, Response) and not is_temporary(result):
        if is_expired(result):
            return Outcome(Verdict.RENEW, _expired(what))
        if not 200 <= result.status < 300:
            return Outcome(Verdict.FAIL, _rejected(result, what))
        if taken == size:
            return DONE
        text = f"{what}: the object store responded after {taken:,} of {size:,} bytes."
        result = ConnectionFailedError(text, sent=True, operation=what)
    error = _rejected(result, what) if isinstance(result, Response) else result
    return Outcome(Verdict.RENEW, _expired(what, error)) if url_expired else Outcome(Verdict.RETRY, error)


def download_outcome(result: Response | ConnectionFailedError, what: str) -> Outcome:
    """Return the outcome of one GET.

    Args:
        result: The response of the object store, or the error without one.
        what: Operation, for messages.
    """
    if isinstance(result, ConnectionFailedError):
        return Outcome(Verdict.RETRY if may_reconnect(result) else Verdict.FAIL, result)
    if result.status == 200:
        return DONE
    text = f"{what}: the object store responded with {described(result)}; try again later."
    error = ResponseError(text, status=result.status, operation=what)
    if result.status == 403 or is_expired(result):
        return Outcome(Verdict.RENEW, error)
    return Outcome(Verdict.RETRY if is_temporary(result) else Verdict.FAIL, error)


def is_final(outcome: Outcome, *, attempt: int, max_retries: int, remaining: float) -> bool:
    """Return whether the same request is not sent again.

    Args:
        outcome: The outcome of the last attempt.
        attempt: Number of attempts so far.
        max_retries: Number of retries that the client allows.
        remaining: Seconds until the deadline of the transfer.
    """
    return outcome.verdict is not Verdict.RETRY or attempt > max_retries or remaining < 0


def _expired(what: str, cause: BaseException | None = None) -> UploadExpiredError:
    error = UploadExpiredError(f"{what}: the presigned URL has expired; try again.")
    error.__cause__ = cause
    return error


def _rejected(response: Response, what: str) -> UploadRejectedError:
    text = f"{what}: the object store responded with {described(response)}."
    return UploadRejectedError(text, status=response.status)
