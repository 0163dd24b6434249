"""Receive events in Django.

from vocobase.webhooks import SessionCompleted, SQLiteDedupe, WebhookReceiver
from vocobase.webhooks.django import webhook_endpoint

def handle(event):
    if isinstance(event, SessionCompleted):
        save(event)

receiver = WebhookReceiver("whsec_...", dedupe=SQLiteDedupe("events.sqlite"))
urlpatterns = [path("vocobase", webhook_endpoint(receiver, handle))]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from vocobase._base.arguments import check_function, is_async
from vocobase._base.errors import WebhookError
from vocobase.webhooks._claims import Claim
from vocobase.webhooks._reasons import refusal
from vocobase.webhooks._receiver import WebhookReceiver
from vocobase.webhooks._responses import DONE, JSON, Handler, call_now, response

# Returns a response, or a coroutine from an async view; Django accepts both, but has no type for it.
View = Callable[[HttpRequest], Any]

_CHUNK_BYTES = 65_536


def webhook_endpoint(receiver: WebhookReceiver, handler: Handler) -> View:
    """Create a view that verifies requests and passes their events to a handler.

    Args:
        receiver: Verifies requests and, with a store, refuses duplicates.
        handler: Called with each event; the view is async if the handler is. Its result is ignored. If it
            raises, the event is released for the next attempt, and the exception reaches Django.

    Returns:
        A view that is exempt from the CSRF check, which the signature replaces.

    Raises:
        ConfigurationError: the handler is not a function, or would never run.
    """

    check_function(handler, "handler", awaited=True)

    def view(request: HttpRequest) -> HttpResponse:
        claim = _claim(receiver, request)
        if isinstance(claim, HttpResponse):
            return claim
        with claim as event:
            call_now(handler, event)
        return HttpResponse(DONE, content_type=JSON)

    async def async_view(request: HttpRequest) -> HttpResponse:
        claim = await sync_to_async(_claim, thread_sensitive=False)(receiver, request)
        if isinstance(claim, HttpResponse):
            return claim
        async with claim as event:
            await handler(event)
        return HttpResponse(DONE, content_type=JSON)

    return csrf_exempt(async_view) if is_async(handler) else csrf_exempt(view)


def _claim(receiver: WebhookReceiver, request: HttpRequest) -> Claim | HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        return receiver.claim(_read(request, receiver.max_body), request.headers)
    except WebhookError as error:
        status, content = response(error)
        return HttpResponse(content, status=status, content_type=JSON)


def _read(request: HttpRequest, limit: int) -> bytes:
    # request.body would apply DATA_UPLOAD_MAX_MEMORY_SIZE, which long transcripts can exceed.
    body = bytearray()
    try:
        while chunk := request.read(_CHUNK_BYTES):
            body += chunk
            if len(body) > limit:
                raise refusal("too-large", limit)
    except UnreadablePostError:
        raise refusal("bad-body", "the connection was closed before its end") from None
    finally:
        # request.body returns this attribute, and would fail after read() in middleware or in a handler.
        request._body = bytes(body)
    return bytes(body)
