"""Start an outbound call.

Places an outbound phone call with one agent; responds immediately and dials in the background.

- Needs enough balance and a free concurrency slot; calls.concurrency shows the free slots before you
start.
- Provider must be in allowed_telephony_providers and its credentials must be set through config.telephony
or telephony_connections.
- Sip needs SIP (printed in upper case) in allowed_telephony_providers and a SIP connection on the
account.
- Asynchronous: follow the call by the session.completed webhook or by polling calls.get.
- No per-call from_number exists; the caller id comes from the connection: Twilio uses the default number
of the connection, Exotel the saved caller id, MCube its line number, and Plivo, Vobiz, Tata Smartflo, SIP
and VoiceLink first an active number bound to the agent, else the connection default.
- With exactly one active connection of a provider, provider alone is enough; with several, send
connection_id.
- Variables: keys must be names declared on the agent; missing ones become empty strings; the values sent
come back in session.completed.
- Carriers that support it honour voicemail_detection_enabled and voicemail_message of the agent when
voicemail detection is on for the account.
- No idempotency key is documented; every accepted POST dials again.

POST /calls/start
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.calls_start_request import CallsStartRequest
from ...models.started_call import StartedCall
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "calls.start"
METHOD: Final = "POST"
PATH: Final = "/calls/start"


def build(
    *,
    body: CallsStartRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> StartedCall:
    """Parse the payload inside the envelope."""
    return StartedCall.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: CallsStartRequest,
) -> Response[StartedCall]:
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
    body: CallsStartRequest,
) -> StartedCall:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: CallsStartRequest,
) -> Response[StartedCall]:
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
    body: CallsStartRequest,
) -> StartedCall:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
