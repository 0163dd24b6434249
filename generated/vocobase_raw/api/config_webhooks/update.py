"""Update a webhook endpoint.

Changes label, address or enabled state of an endpoint.

- Label, url and enabled may change.
- A disabled endpoint receives no new events.

PUT /config/webhooks/{id}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.config_webhooks_update_request import ConfigWebhooksUpdateRequest
from ...models.webhook_endpoint import WebhookEndpoint
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "config.webhooks.update"
METHOD: Final = "PUT"
PATH: Final = "/config/webhooks/{id}"


def build(
    id: str,
    *,
    body: ConfigWebhooksUpdateRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        path={
            "id": id,
        },
        json=dump(body),
    )


def parse(data: Any) -> WebhookEndpoint:
    """Parse the payload inside the envelope."""
    return WebhookEndpoint.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
    body: ConfigWebhooksUpdateRequest,
) -> Response[WebhookEndpoint]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **for_httpx(
            build(
                id,
                body=body,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    id: str,
    *,
    client: Client,
    body: ConfigWebhooksUpdateRequest,
) -> WebhookEndpoint:
    """Call the operation and return the payload."""
    return sync_detailed(
        id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: Client,
    body: ConfigWebhooksUpdateRequest,
) -> Response[WebhookEndpoint]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **for_httpx(
            build(
                id,
                body=body,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    id: str,
    *,
    client: Client,
    body: ConfigWebhooksUpdateRequest,
) -> WebhookEndpoint:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
            body=body,
        )
    ).parsed
