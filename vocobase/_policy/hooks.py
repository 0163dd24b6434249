"""The arguments of the hooks of a client: responses for ``on_response``, events for ``on_event``.

No event contains a body, a query, a header, a message of a server or the values of a path, which hold
prompts, phone numbers and keys.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from vocobase._policy.operations import Budget

log = logging.getLogger("vocobase")


@dataclass(frozen=True, slots=True)
class ResponseInfo:
    """One response, as passed to ``on_response``.

    Attributes:
        operation: The operation, such as ``agents.get``.
        method: HTTP method.
        path: Path template, such as ``/agent/{id}``.
        status: HTTP status.
        headers: Headers, names in lower case.
        request_id: Identifier of the request, None if the server sent none.
        attempt: 1 for the first attempt, 2 for the first retry.
        seconds: Duration of the attempt.
    """

    operation: str
    method: str
    path: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    request_id: str | None
    attempt: int
    seconds: float


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
