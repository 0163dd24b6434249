"""Make a VoiceLink DID call-ready.

Prepares one purchased number for outbound calls in one request: import, optional mapping, bot, outbound
routing.

- Existing inbound routing is kept when the routing is updated.
- A number that is already mapped to another client is never moved.
- Clients are never created implicitly.
- No purchase, renewal, KYC or wallet step is part of it.

POST /voicelink/call-ready
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.voice_link_call_ready import VoiceLinkCallReady
from ...models.voicelink_dids_make_call_ready_request import VoicelinkDidsMakeCallReadyRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "voicelink.dids.make_call_ready"
METHOD: Final = "POST"
PATH: Final = "/voicelink/call-ready"


def build(
    *,
    body: VoicelinkDidsMakeCallReadyRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> VoiceLinkCallReady:
    """Parse the payload inside the envelope."""
    return VoiceLinkCallReady.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: VoicelinkDidsMakeCallReadyRequest,
) -> Response[VoiceLinkCallReady]:
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
    body: VoicelinkDidsMakeCallReadyRequest,
) -> VoiceLinkCallReady:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: VoicelinkDidsMakeCallReadyRequest,
) -> Response[VoiceLinkCallReady]:
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
    body: VoicelinkDidsMakeCallReadyRequest,
) -> VoiceLinkCallReady:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
