"""Update VoiceLink call routing.

Replaces the routing record of a number.

- The method is POST and replaces the whole record, inbound values included; fields left out are lost.
- Voicelink.dids.make_call_ready keeps inbound settings automatically.
- Data is the upstream VoiceLink body, passed through unchanged; its shape may vary.

POST /voicelink/call-routing/{routing_id}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from ...models.voicelink_call_routing_update_request import VoicelinkCallRoutingUpdateRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "voicelink.call_routing.update"
METHOD: Final = "POST"
PATH: Final = "/voicelink/call-routing/{routing_id}"


def build(
    routing_id: int,
    *,
    body: VoicelinkCallRoutingUpdateRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        path={
            "routing_id": routing_id,
        },
        json=dump(body),
    )


def parse(data: Any) -> Any:
    """Parse the payload inside the envelope."""
    return cast(Any, data)


def sync_detailed(
    routing_id: int,
    *,
    client: Client,
    body: VoicelinkCallRoutingUpdateRequest,
) -> Response[Any]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **for_httpx(
            build(
                routing_id,
                body=body,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    routing_id: int,
    *,
    client: Client,
    body: VoicelinkCallRoutingUpdateRequest,
) -> Any:
    """Call the operation and return the payload."""
    return sync_detailed(
        routing_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    routing_id: int,
    *,
    client: Client,
    body: VoicelinkCallRoutingUpdateRequest,
) -> Response[Any]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **for_httpx(
            build(
                routing_id,
                body=body,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    routing_id: int,
    *,
    client: Client,
    body: VoicelinkCallRoutingUpdateRequest,
) -> Any:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            routing_id,
            client=client,
            body=body,
        )
    ).parsed
