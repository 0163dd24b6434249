"""Receive events in Flask.

from vocobase.webhooks import SQLiteDedupe, SessionCompleted, WebhookReceiver
from vocobase.webhooks.flask import webhook_endpoint

def handle(event):
    if isinstance(event, SessionCompleted):
        save(event)

receiver = WebhookReceiver("whsec_...", dedupe=SQLiteDedupe("events.sqlite"))
app.add_url_rule("/vocobase", view_func=webhook_endpoint(receiver, handle), methods=["POST"])
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from vocobase._base.arguments import check_function, is_async
from vocobase._base.errors import WebhookError
from vocobase.webhooks._reasons import refusal
from vocobase.webhooks._receiver import WebhookReceiver
from vocobase.webhooks._responses import DONE, JSON, Handler, call_now, response


def webhook_endpoint(receiver: WebhookReceiver, handler: Handler) -> Callable[[], Response]:
    """Create a view that verifies requests and passes their events to a handler.

    Args:
        receiver: Verifies requests and, with a store, refuses duplicates.
        handler: Called with each event; it may be async if Flask supports that. Its result is ignored. If it
            raises, the event is released for the next attempt, and the exception reaches Flask.

    Returns:
        A view function, named like the handler.

    Raises:
        ConfigurationError: the handler is not a function, or would never run.
    """

    check_function(handler, "handler", awaited=True)

    def endpoint() -> Response:
        try:
            claim = receiver.claim(_read(receiver.max_body), request.headers)
        except WebhookError as error:
            status, content = response(error)
            return Response(content, status, mimetype=JSON)
        with claim as event:
            if is_async(handler):
                current_app.async_to_sync(handler)(event)
            else:
                call_now(handler, event)
        return Response(DONE, mimetype=JSON)

    endpoint.__name__ = getattr(handler, "__name__", "webhook")
    return endpoint


def _read(limit: int) -> bytes:
    # The limit of the application is for its other routes. One byte more, because a stream is cut off at the
    # limit without an error; the receiver then refuses the longer body.
    request.max_content_length = limit + 1
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        raise refusal("too-large", limit) from None
