"""List VoiceLink clients.

Passes through the client list of VoiceLink.

- The rows sit under data.data because the envelope of VoiceLink is kept.

GET /voicelink/clients
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.voice_link_client_list import VoiceLinkClientList
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

OPERATION: Final = "voicelink.clients.list"
METHOD: Final = "GET"
PATH: Final = "/voicelink/clients"


def build(
    *,
    connection_id: str | Unset = UNSET,
    status: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        query=given(
            {
                "connection_id": connection_id,
                "status": status,
                "per_page": per_page,
                "page": page,
            }
        ),
    )


def parse(data: Any) -> VoiceLinkClientList:
    """Parse the payload inside the envelope."""
    return VoiceLinkClientList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    connection_id: str | Unset = UNSET,
    status: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> Response[VoiceLinkClientList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **for_httpx(
            build(
                connection_id=connection_id,
                status=status,
                per_page=per_page,
                page=page,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
    connection_id: str | Unset = UNSET,
    status: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> VoiceLinkClientList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        connection_id=connection_id,
        status=status,
        per_page=per_page,
        page=page,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    connection_id: str | Unset = UNSET,
    status: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> Response[VoiceLinkClientList]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **for_httpx(
            build(
                connection_id=connection_id,
                status=status,
                per_page=per_page,
                page=page,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
    connection_id: str | Unset = UNSET,
    status: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> VoiceLinkClientList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            connection_id=connection_id,
            status=status,
            per_page=per_page,
            page=page,
        )
    ).parsed
