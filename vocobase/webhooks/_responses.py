"""The common part of the adapters: handler, responses, log."""

from __future__ import annotations

from collections.abc import Callable
from inspect import isawaitable, iscoroutine
from logging import Logger, getLogger
from typing import Any, Final

from vocobase._base.errors import WebhookError
from vocobase.webhooks._payloads import Event
from vocobase.webhooks._reasons import STATUS

Handler = Callable[[Event], Any]

JSON: Final = "application/json"
DONE: Final = b'{"ok":true}'
_REFUSED: Final = b'{"ok":false}'


def log() -> Logger:
    """Return the logger of the receivers; it never gets a body, a header or a secret."""
    return getLogger("vocobase.webhooks")


def response(error: WebhookError) -> tuple[int, bytes]:
    """Return the response to a refused delivery, and log the reason, which the response does not show.

    Args:
        error: The reason.

    Returns:
        Status and JSON body.
    """
    status = STATUS[error.reason]
    if status < 300:
        log().info("webhook event received again: %s", error.reason)
        return status, DONE
    log().warning("webhook refused: %s", error.reason, exc_info=error.__cause__ if status >= 500 else None)
    return status, _REFUSED


def call_now(handler: Handler, event: Event) -> None:
    """Call a plain handler.

    Args:
        handler: Not a coroutine function.
        event: Its argument.

    Raises:
        TypeError: it returned an awaitable; ignoring that would lose the event without a trace.
    """
    result = handler(event)
    if isawaitable(result):
        if iscoroutine(result):
            result.close()
        raise TypeError("the webhook handler returned an awaitable; define it with async def")
