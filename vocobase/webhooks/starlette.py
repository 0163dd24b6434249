"""Receive events in Starlette and FastAPI.

from vocobase.webhooks import MemoryDedupe, SessionCompleted, WebhookReceiver
from vocobase.webhooks.starlette import webhook_endpoint

async def handle(event):
    if isinstance(event, SessionCompleted):
        await save(event)

receiver = WebhookReceiver("whsec_...", dedupe=MemoryDedupe())
app.add_route("/vocobase", webhook_endpoint(receiver, handle), methods=["POST"])
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable

from anyio import CancelScope
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from vocobase._base.arguments import check_function, is_async
from vocobase._base.errors import WebhookError
from vocobase.webhooks._claims import Claim
from vocobase.webhooks._reasons import refusal
from vocobase.webhooks._receiver import WebhookReceiver
from vocobase.webhooks._responses import DONE, JSON, Handler, response


def webhook_endpoint(receiver: WebhookReceiver, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Create an endpoint that verifies requests and passes their events to a handler.

    Args:
        receiver: Verifies requests and, with a store, refuses duplicates.
        handler: Called with each event; a plain function runs in a thread. Its result is ignored. If it
            raises, the event is released for the next attempt, and the exception reaches the framework.

    Returns:
        An endpoint for `Route`, `add_route` or `app.post(...)`.

    Raises:
        ConfigurationError: the handler is not a function, or would never run.
    """

    check_function(handler, "handler", awaited=True)

    async def endpoint(request: Request) -> Response:
        try:
            body = await read_body(request, receiver.max_body)
            # Hashing, parsing and the store would block the event loop.
            claim = await run_in_threadpool(receiver.claim, body, request.headers)
        except WebhookError as error:
            status, content = response(error)
            return Response(content, status, media_type=JSON)
        claim.keep()
        try:
            await _call(handler, claim)
        except BaseException:
            await finish(claim, handled=False)
            raise
        await finish(claim, handled=True)
        return Response(DONE, media_type=JSON)

    return endpoint


async def read_body(request: Request, limit: int) -> bytes:
    """Read the body of a request, and leave it readable for exception handlers and dependencies.

    Raises:
        WebhookError: it is too large or incomplete.
    """
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise refusal("too-large", limit)
    except ClientDisconnect:
        raise refusal("bad-body", "the connection was closed before its end") from None
    finally:
        # Request.body() returns this attribute, and would fail after stream(). It has no limit of its own.
        request._body = bytes(body)  # pyright: ignore[reportPrivateUsage] - see above
    return bytes(body)


async def _call(handler: Handler, claim: Claim) -> None:
    result = handler(claim.event) if is_async(handler) else await run_in_threadpool(handler, claim.event)
    if isawaitable(result):
        await result


async def finish(claim: Claim, *, handled: bool) -> None:
    """Confirm or release a claim, also in a task that was cancelled."""
    # A cancelled task must still release the event.
    with CancelScope(shield=True):
        await run_in_threadpool(claim.finish, handled=handled)
