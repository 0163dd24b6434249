"""Set or update Plivo credentials.

Saves the Plivo account of the default Plivo connection.

- All three fields are required (documentation index)
- The lengths describe what Plivo issues; whether the server checks them is not documented.
- Values are kept encrypted; secrets are not returned and ids are masked in responses.
- Writes the default connection of the provider; to have several named connections, use
telephony_connections.create.
- The provider must also be in allowed_telephony_providers before calls can be started with it.

PUT /config/telephony/plivo
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.config_telephony_set_plivo_request import ConfigTelephonySetPlivoRequest
from ...models.plivo_credentials import PlivoCredentials
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "config.telephony.set_plivo"
METHOD: Final = "PUT"
PATH: Final = "/config/telephony/plivo"


def build(
    *,
    body: ConfigTelephonySetPlivoRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> PlivoCredentials:
    """Parse the payload inside the envelope."""
    return PlivoCredentials.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: ConfigTelephonySetPlivoRequest,
) -> Response[PlivoCredentials]:
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
    body: ConfigTelephonySetPlivoRequest,
) -> PlivoCredentials:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: ConfigTelephonySetPlivoRequest,
) -> Response[PlivoCredentials]:
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
    body: ConfigTelephonySetPlivoRequest,
) -> PlivoCredentials:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
