"""Set or update the legacy default webhook URL.

Legacy single-webhook route; creates or replaces the endpoint labelled default and returns a new secret.

- The path is singular (webhook), unlike the newer routes.
- Every call creates a new secret and replaces the old one.
- New integrations should use config.webhooks.create.

PUT /config/webhook
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.config_webhooks_set_default_request import ConfigWebhooksSetDefaultRequest
from ...models.default_webhook import DefaultWebhook
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "config.webhooks.set_default"
METHOD: Final = "PUT"
PATH: Final = "/config/webhook"


def build(
    *,
    body: ConfigWebhooksSetDefaultRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> DefaultWebhook:
    """Parse the payload inside the envelope."""
    return DefaultWebhook.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: ConfigWebhooksSetDefaultRequest,
) -> Response[DefaultWebhook]:
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
    body: ConfigWebhooksSetDefaultRequest,
) -> DefaultWebhook:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: ConfigWebhooksSetDefaultRequest,
) -> Response[DefaultWebhook]:
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
    body: ConfigWebhooksSetDefaultRequest,
) -> DefaultWebhook:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
