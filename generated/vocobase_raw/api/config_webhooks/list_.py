"""List webhook endpoints.

Lists all webhook endpoints of the partner.

- Secrets are never returned.
- No paging is mentioned (at most 5 endpoints)

GET /config/webhooks
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.webhook_endpoint_list import WebhookEndpointList
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "config.webhooks.list"
METHOD: Final = "GET"
PATH: Final = "/config/webhooks"


def build() -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
    )


def parse(data: Any) -> WebhookEndpointList:
    """Parse the payload inside the envelope."""
    return WebhookEndpointList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
) -> Response[WebhookEndpointList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
) -> WebhookEndpointList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
) -> Response[WebhookEndpointList]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
) -> WebhookEndpointList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
