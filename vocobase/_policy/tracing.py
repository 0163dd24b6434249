"""The record of one operation, for traces and events.

It holds no body, query, header, message of a server or value of a path: they contain prompts, phone numbers
and keys.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from vocobase._policy.operations import OPERATIONS
from vocobase_raw.types import OperationRequest

if TYPE_CHECKING:
    from vocobase._policy.hooks import OutcomeUnknown, RetryScheduled

# The path of a request to the object store, whose address is a secret.
PRESIGNED_PATH = "(presigned URL)"


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

    __slots__ = ("attempts", "error", "method", "operation", "path", "status", "waited")

    def __init__(self, operation: str, method: str, path: str) -> None:
        self.operation = operation
        self.method = method
        self.path = path
        self.attempts = 0
        self.status: int | None = None
        self.error: str | None = None
        self.waited = 0.0

    def note(self, error: BaseException | None) -> None:
        """Record the end of an attempt that returns its error."""
        self.error = None if error is None else type(error).__name__
        self.status = getattr(error, "status", None)

    def retry(self, error: BaseException, seconds: float) -> RetryScheduled:
        """Return the event for another attempt after an error."""
        # Loaded at the first event: few requests fail.
        from vocobase._policy.hooks import RetryScheduled

        return RetryScheduled(
            self.operation, self.method, self.path, self.attempts, type(error).__name__, self.status, seconds
        )

    def unknown(self, error: BaseException) -> OutcomeUnknown:
        """Return the event for an error that left the outcome open."""
        from vocobase._policy.hooks import OutcomeUnknown

        return OutcomeUnknown(
            self.operation, self.method, self.path, self.attempts, type(error).__name__, self.status
        )


def trace_of(request: OperationRequest) -> Trace:
    """Return the record of a request; the name of one without an operation is its path, with its values."""
    known = request.operation in OPERATIONS
    return Trace(
        request.operation if known else f"{request.method} (custom)", request.method, request.template
    )


# The context of each operation; it receives the record at the start, and reads it at the end.
Observe = Callable[[Trace], AbstractContextManager[object]]
_UNOBSERVED = nullcontext()


def observed(observe: Observe | None, trace: Trace) -> AbstractContextManager[object]:
    """Return the context in which an operation runs."""
    return _UNOBSERVED if observe is None else observe(trace)
