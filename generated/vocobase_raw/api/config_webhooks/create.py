"""Create a webhook endpoint.

Adds an HTTPS destination for events; the response contains its signing secret, which is shown only once.

- At most 5 endpoints per partner.
- The address must be HTTPS.
- Every enabled endpoint receives the same events and signs with its own secret.
- The secret cannot be read again; rotate it if it is lost.

POST /config/webhooks
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.config_webhooks_create_request import ConfigWebhooksCreateRequest
from ...models.created_webhook_endpoint import CreatedWebhookEndpoint
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "config.webhooks.create"
METHOD: Final = "POST"
PATH: Final = "/config/webhooks"


def build(
    *,
    body: ConfigWebhooksCreateRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> CreatedWebhookEndpoint:
    """Parse the payload inside the envelope."""
    return CreatedWebhookEndpoint.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: ConfigWebhooksCreateRequest,
) -> Response[CreatedWebhookEndpoint]:
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
    body: ConfigWebhooksCreateRequest,
) -> CreatedWebhookEndpoint:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: ConfigWebhooksCreateRequest,
) -> Response[CreatedWebhookEndpoint]:
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
    body: ConfigWebhooksCreateRequest,
) -> CreatedWebhookEndpoint:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
