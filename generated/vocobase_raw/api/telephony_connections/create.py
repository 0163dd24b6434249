"""Create a telephony connection.

Saves one named carrier account (credentials and default number); a provider may have several.

- All eight providers may have several named connections.
- Only provider and name are required by the schema itself; which other fields are needed depends on the
provider.
- Connection_id is passed to calls.start and phone_numbers.sync when a provider has more than one active
connection.
- The PUT /config/telephony routes stay valid and write the default connection of the provider.
- The documentation tells new integrations to use named connections.

POST /telephony/connections
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.created_telephony_connection import CreatedTelephonyConnection
from ...models.telephony_connections_create_request import TelephonyConnectionsCreateRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "telephony_connections.create"
METHOD: Final = "POST"
PATH: Final = "/telephony/connections"


def build(
    *,
    body: TelephonyConnectionsCreateRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> CreatedTelephonyConnection:
    """Parse the payload inside the envelope."""
    return CreatedTelephonyConnection.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: TelephonyConnectionsCreateRequest,
) -> Response[CreatedTelephonyConnection]:
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
    body: TelephonyConnectionsCreateRequest,
) -> CreatedTelephonyConnection:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: TelephonyConnectionsCreateRequest,
) -> Response[CreatedTelephonyConnection]:
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
    body: TelephonyConnectionsCreateRequest,
) -> CreatedTelephonyConnection:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
