"""List connections.

Lists the connections of the partner, all or of one provider.

GET /telephony/connections
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.telephony_connection_list import TelephonyConnectionList
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

OPERATION: Final = "telephony_connections.list"
METHOD: Final = "GET"
PATH: Final = "/telephony/connections"


def build(
    *,
    provider: str | Unset = UNSET,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        query=given(
            {
                "provider": provider,
            }
        ),
    )


def parse(data: Any) -> TelephonyConnectionList:
    """Parse the payload inside the envelope."""
    return TelephonyConnectionList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    provider: str | Unset = UNSET,
) -> Response[TelephonyConnectionList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **for_httpx(
            build(
                provider=provider,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
    provider: str | Unset = UNSET,
) -> TelephonyConnectionList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        provider=provider,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    provider: str | Unset = UNSET,
) -> Response[TelephonyConnectionList]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **for_httpx(
            build(
                provider=provider,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
    provider: str | Unset = UNSET,
) -> TelephonyConnectionList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            provider=provider,
        )
    ).parsed
