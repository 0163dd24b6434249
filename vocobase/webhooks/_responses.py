"""What the adapters share: the handler, the answer, the log."""

from __future__ import annotations

from collections.abc import Callable
from inspect import isawaitable, iscoroutine
from typing import TYPE_CHECKING, Any, Final

from vocobase._base.errors import WebhookError
from vocobase.webhooks._payloads import Event
from vocobase.webhooks._reasons import STATUS

if TYPE_CHECKING:
    from logging import Logger

Handler = Callable[[Event], Any]

JSON: Final = "application/json"
DONE: Final = b'{"ok":true}'
_REFUSED: Final = b'{"ok":false}'


def log() -> Logger:
    """Return the logger of the receivers; it never gets a body, a header or a secret."""
    import logging

    return logging.getLogger("vocobase.webhooks")


def response(error: WebhookError) -> tuple[int, bytes]:
    """Choose the answer to a refused delivery and log the reason, which the answer does not tell.

    Args:
        error: Why it was refused.

    Returns:
        Status and JSON body.
    """
    status = STATUS[error.reason]
    if status < 300:
        log().info("webhook event repeated: %s", error.reason)
        return status, DONE
    log().warning("webhook refused: %s", error.reason, exc_info=error.__cause__ if status >= 500 else None)
    return status, _REFUSED


def call_now(handler: Handler, event: Event) -> None:
    """Call a plain handler.

    Args:
        handler: Not a coroutine function.
        event: What it gets.

    Raises:
        TypeError: It gave an awaitable; ignoring that would lose the event without a trace.
    """
    result = handler(event)
    if isawaitable(result):
        if iscoroutine(result):
            result.close()
        raise TypeError("the webhook handler returned an awaitable; define it with async def")
