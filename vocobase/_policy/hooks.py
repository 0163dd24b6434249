"""What observers see of a request: events for ``on_event``, and the record that a trace is made of.

Nothing here holds a body, a query, a header, a message of a server or the values of a path: they contain
prompts, phone numbers and keys.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TypeAlias

from vocobase._base.arguments import check_callback
from vocobase._base.errors import ResponseError, UploadRejectedError
from vocobase._policy.operations import OPERATIONS, Budget
from vocobase_raw.types import OperationRequest

log = logging.getLogger("vocobase")
# The path of a request to the object store, whose address is a secret.
PRESIGNED_PATH = "(presigned URL)"


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """A request failed and will be sent again.

    Attributes:
        operation: Such as ``calls.get``.
        method: HTTP method.
        path: The route, without values: ``/calls/{call_id}``.
        attempt: The attempt that failed, from 1.
        error: Class of the error, such as ``ServerError``.
        status: HTTP status, None without a response.
        seconds: Seconds until the next attempt.
    """

    operation: str
    method: str
    path: str
    attempt: int
    error: str
    status: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class PermitWaited:
    """A paced client waited for a permit of its requests per minute.

    Attributes:
        operation: The operation that is about to be sent, None for a permit that is acquired in advance.
        budget: The rate limit.
        seconds: How long it waited.
    """

    operation: str | None
    budget: Budget
    seconds: float


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """A request failed, and the API may or may not have processed it; check before you send it again.

    Attributes:
        operation: Such as ``calls.start``.
        method: HTTP method.
        path: The route, without values.
        attempt: The attempt that failed, from 1.
        error: Class of the error that left the outcome open, such as ``TimeoutExceededError``.
        status: HTTP status, None without a response.
    """

    operation: str
    method: str
    path: str
    attempt: int
    error: str
    status: int | None


ClientEvent: TypeAlias = RetryScheduled | PermitWaited | OutcomeUnknown


class Notifier:
    """Call a hook; its errors never reach the request, and only the first of them is logged.

    Args:
        hook: The function of the user.
    """

    def __init__(self, hook: Callable[[ClientEvent], object]) -> None:
        self._hook = hook
        self._failed = False

    def __call__(self, event: ClientEvent) -> None:
        """Pass an event to the hook."""
        try:
            self._hook(event)
        except Exception:
            if not self._failed:
                self._failed = True
                text = "on_event failed for %s; later failures of this hook are not logged"
                log.exception(text, type(event).__name__)


def resolve_hook(hook: Callable[[ClientEvent], object] | None) -> Notifier | None:
    """Return what calls a hook, None without one.

    Raises:
        InvalidArgumentError: it is not a plain function.
    """
    checked = check_callback(hook, "on_event")
    return None if checked is None else Notifier(checked)


@dataclass(slots=True)
class Trace:
    """The course of one operation, filled in while it runs.

    Attributes:
        operation: Such as ``calls.start``.
        method: HTTP method.
        path: The route, without values.
        attempts: How many requests were sent.
        status: Status of the last response.
        error: Class of the error that it ended with, for an operation that returns its error.
        waited: Seconds spent waiting for permits.
    """

    operation: str
    method: str
    path: str
    attempts: int = 0
    status: int | None = None
    error: str | None = None
    waited: float = 0.0

    def note(self, error: BaseException | None) -> None:
        """Note how an attempt ended that returns its error."""
        self.error = None if error is None else type(error).__name__
        self.status = error.status if isinstance(error, (ResponseError, UploadRejectedError)) else None

    def retry(self, error: BaseException, seconds: float) -> RetryScheduled:
        """Return the event for another attempt after an error."""
        return RetryScheduled(
            self.operation, self.method, self.path, self.attempts, type(error).__name__, self.status, seconds
        )

    def unknown(self, error: BaseException) -> OutcomeUnknown:
        """Return the event for an error that left the outcome open."""
        return OutcomeUnknown(
            self.operation, self.method, self.path, self.attempts, type(error).__name__, self.status
        )


def trace_of(request: OperationRequest) -> Trace:
    """Return the record of a request; the name of one without an operation is its path, with its values."""
    known = request.operation in OPERATIONS
    return Trace(
        request.operation if known else f"{request.method} (custom)", request.method, request.template
    )


# Entered around each operation; it receives the record at its start, and reads it at the end.
Observe = Callable[[Trace], AbstractContextManager[object]]
_UNOBSERVED = nullcontext()


def observed(observe: Observe | None, trace: Trace) -> AbstractContextManager[object]:
    """Return the context in which an operation runs."""
    return _UNOBSERVED if observe is None else observe(trace)
