"""Set or update Exotel credentials.

Saves the Exotel account of the default Exotel connection.

- All six fields are required.
- Api_key and api_token are not returned.
- Values are kept encrypted; secrets are not returned and ids are masked in responses.
- Writes the default connection of the provider; to have several named connections, use
telephony_connections.create.
- The provider must also be in allowed_telephony_providers before calls can be started with it.

PUT /config/telephony/exotel
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.config_telephony_set_exotel_request import ConfigTelephonySetExotelRequest
from ...models.exotel_credentials import ExotelCredentials
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "config.telephony.set_exotel"
METHOD: Final = "PUT"
PATH: Final = "/config/telephony/exotel"


def build(
    *,
    body: ConfigTelephonySetExotelRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> ExotelCredentials:
    """Parse the payload inside the envelope."""
    return ExotelCredentials.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: ConfigTelephonySetExotelRequest,
) -> Response[ExotelCredentials]:
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
    body: ConfigTelephonySetExotelRequest,
) -> ExotelCredentials:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: ConfigTelephonySetExotelRequest,
) -> Response[ExotelCredentials]:
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
    body: ConfigTelephonySetExotelRequest,
) -> ExotelCredentials:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
