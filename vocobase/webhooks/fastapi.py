"""Receive events in FastAPI as the argument of a route.

from vocobase.webhooks import Event, MemoryDedupe, SessionCompleted, WebhookReceiver
from vocobase.webhooks.fastapi import webhook_event

receiver = WebhookReceiver("whsec_...", dedupe=MemoryDedupe())

@app.post("/vocobase")
async def on_event(event: Annotated[Event, Depends(webhook_event(receiver))]):
    if isinstance(event, SessionCompleted):
        await save(event)

A whole endpoint is `vocobase.webhooks.starlette.webhook_endpoint`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from vocobase._base.errors import WebhookError
from vocobase.webhooks._payloads import Event
from vocobase.webhooks._receiver import WebhookReceiver
from vocobase.webhooks._responses import response
from vocobase.webhooks.starlette import finish, read_body


def webhook_event(receiver: WebhookReceiver) -> Callable[[Request], AsyncIterator[Event]]:
    """Create a dependency that verifies the request and passes its event to a route.

    A refused request does not reach the route: the dependency raises Starlette's `HTTPException` with the
    status of the refusal, which is 200 for an event that was handled before.

    Args:
        receiver: Verifies requests and, with a store, refuses duplicates.

    Returns:
        A dependency for ``Depends``. If the route raises, the event is released for the next attempt.
    """

    async def event_of(request: Request) -> AsyncIterator[Event]:
        try:
            body = await read_body(request, receiver.max_body)
            claim = await run_in_threadpool(receiver.claim, body, request.headers)
        except WebhookError as error:
            status, _ = response(error)
            raise HTTPException(status, "event received again" if status < 300 else "refused") from None
        claim.keep()
        handled = False
        try:
            yield claim.event
            handled = True
        finally:
            await finish(claim, handled=handled)

    return event_of
