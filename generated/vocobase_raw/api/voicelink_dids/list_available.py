"""List available VoiceLink DIDs.

Lists numbers that are available.

- Buying a number is expressly outside this API.

GET /voicelink/dids/available
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.voice_link_available_did_list import VoiceLinkAvailableDidList
from ...types import (
    UNSET,
    OperationRequest,
    Response,
    Unset,
    expect_object,
    for_httpx,
    given,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "voicelink.dids.list_available"
METHOD: Final = "GET"
PATH: Final = "/voicelink/dids/available"


def build(
    *,
    connection_id: str | Unset = UNSET,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        query=given(
            {
                "connection_id": connection_id,
            }
        ),
    )


def parse(data: Any) -> VoiceLinkAvailableDidList:
    """Parse the payload inside the envelope."""
    return VoiceLinkAvailableDidList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    connection_id: str | Unset = UNSET,
) -> Response[VoiceLinkAvailableDidList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **for_httpx(
            build(
                connection_id=connection_id,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
    connection_id: str | Unset = UNSET,
) -> VoiceLinkAvailableDidList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        connection_id=connection_id,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    connection_id: str | Unset = UNSET,
) -> Response[VoiceLinkAvailableDidList]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **for_httpx(
            build(
                connection_id=connection_id,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
    connection_id: str | Unset = UNSET,
) -> VoiceLinkAvailableDidList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            connection_id=connection_id,
        )
    ).parsed
