"""List purchased VoiceLink DIDs.

Passes through the numbers bought by or assigned to the reseller account.

- The rows sit under data.data.

GET /voicelink/dids/purchased
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.voice_link_did_list import VoiceLinkDidList
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

OPERATION: Final = "voicelink.dids.list_purchased"
METHOD: Final = "GET"
PATH: Final = "/voicelink/dids/purchased"


def build(
    *,
    connection_id: str | Unset = UNSET,
    status: str | Unset = UNSET,
    did_type: int | Unset = UNSET,
    client_id: int | Unset = UNSET,
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
                "did_type": did_type,
                "client_id": client_id,
                "per_page": per_page,
                "page": page,
            }
        ),
    )


def parse(data: Any) -> VoiceLinkDidList:
    """Parse the payload inside the envelope."""
    return VoiceLinkDidList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    connection_id: str | Unset = UNSET,
    status: str | Unset = UNSET,
    did_type: int | Unset = UNSET,
    client_id: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> Response[VoiceLinkDidList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **for_httpx(
            build(
                connection_id=connection_id,
                status=status,
                did_type=did_type,
                client_id=client_id,
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
    status: str | Unset = UNSET,
    did_type: int | Unset = UNSET,
    client_id: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> VoiceLinkDidList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        connection_id=connection_id,
        status=status,
        did_type=did_type,
        client_id=client_id,
        per_page=per_page,
        page=page,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    connection_id: str | Unset = UNSET,
    status: str | Unset = UNSET,
    did_type: int | Unset = UNSET,
    client_id: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> Response[VoiceLinkDidList]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **for_httpx(
            build(
                connection_id=connection_id,
                status=status,
                did_type=did_type,
                client_id=client_id,
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
    status: str | Unset = UNSET,
    did_type: int | Unset = UNSET,
    client_id: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> VoiceLinkDidList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            connection_id=connection_id,
            status=status,
            did_type=did_type,
            client_id=client_id,
            per_page=per_page,
            page=page,
        )
    ).parsed
