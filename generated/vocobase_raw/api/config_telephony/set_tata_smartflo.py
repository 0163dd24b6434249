"""Set or update Tata Smartflo credentials.

Saves a Tata Smartflo panel login for calls in both directions over a bring-your-own-phone WebSocket.

- The path is written with a hyphen (tata-smartflo), the provider value with an underscore (tata_smartflo)
- Vocobase logs in with this pair to mint short-lived carrier tokens.
- Values are kept encrypted; secrets are not returned and ids are masked in responses.
- Writes the default connection of the provider; to have several named connections, use
telephony_connections.create.
- The provider must also be in allowed_telephony_providers before calls can be started with it.

PUT /config/telephony/tata-smartflo
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.config_telephony_set_tata_smartflo_request import ConfigTelephonySetTataSmartfloRequest
from ...models.tata_smartflo_credentials import TataSmartfloCredentials
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "config.telephony.set_tata_smartflo"
METHOD: Final = "PUT"
PATH: Final = "/config/telephony/tata-smartflo"


def build(
    *,
    body: ConfigTelephonySetTataSmartfloRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> TataSmartfloCredentials:
    """Parse the payload inside the envelope."""
    return TataSmartfloCredentials.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: ConfigTelephonySetTataSmartfloRequest,
) -> Response[TataSmartfloCredentials]:
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
    body: ConfigTelephonySetTataSmartfloRequest,
) -> TataSmartfloCredentials:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: ConfigTelephonySetTataSmartfloRequest,
) -> Response[TataSmartfloCredentials]:
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
    body: ConfigTelephonySetTataSmartfloRequest,
) -> TataSmartfloCredentials:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
