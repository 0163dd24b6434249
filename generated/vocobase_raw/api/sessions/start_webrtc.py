"""Start a browser WebRTC session.

Opens a voice session for a browser and returns the room URL and a one-time token to join it.

- 10 starts per minute per API key; also bound by the concurrency limit of the key.
- Treated like a call: the session.completed webhook fires at the end, with its call member left out (not
null)
- Variables: keys must be names declared on the agent; missing ones become empty strings; the values sent
come back in the webhook.
- The amount is charged when the session ends.
- The API key must stay on the server; only room URL and token go to the browser.

POST /sessions/webrtc
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.sessions_start_webrtc_request import SessionsStartWebrtcRequest
from ...models.web_rtc_session import WebRTCSession
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "sessions.start_webrtc"
METHOD: Final = "POST"
PATH: Final = "/sessions/webrtc"


def build(
    *,
    body: SessionsStartWebrtcRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> WebRTCSession:
    """Parse the payload inside the envelope."""
    return WebRTCSession.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: SessionsStartWebrtcRequest,
) -> Response[WebRTCSession]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **for_httpx(
            build(
                body=body,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
    body: SessionsStartWebrtcRequest,
) -> WebRTCSession:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: SessionsStartWebrtcRequest,
) -> Response[WebRTCSession]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **for_httpx(
            build(
                body=body,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
    body: SessionsStartWebrtcRequest,
) -> WebRTCSession:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
