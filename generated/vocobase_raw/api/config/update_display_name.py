"""Update partner display name.

Changes the display name of the partner.

- The name is shown in the dashboard and in API responses.

PUT /config/display-name
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.config_update_display_name_request import ConfigUpdateDisplayNameRequest
from ...models.partner_display_name import PartnerDisplayName
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "config.update_display_name"
METHOD: Final = "PUT"
PATH: Final = "/config/display-name"


def build(
    *,
    body: ConfigUpdateDisplayNameRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> PartnerDisplayName:
    """Parse the payload inside the envelope."""
    return PartnerDisplayName.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: ConfigUpdateDisplayNameRequest,
) -> Response[PartnerDisplayName]:
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
    body: ConfigUpdateDisplayNameRequest,
) -> PartnerDisplayName:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: ConfigUpdateDisplayNameRequest,
) -> Response[PartnerDisplayName]:
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
    body: ConfigUpdateDisplayNameRequest,
) -> PartnerDisplayName:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
