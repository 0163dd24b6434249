"""Rotate a webhook endpoint secret.

Replaces the signing secret of an endpoint and shows the new one once.

- Takes no body.
- The way to recover from a lost secret.
- Delivery attempts that were already created may still be signed with the previous secret, so receivers
should accept both for a while.

POST /config/webhooks/{id}/rotate-secret
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.rotated_webhook_secret import RotatedWebhookSecret
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "config.webhooks.rotate_secret"
METHOD: Final = "POST"
PATH: Final = "/config/webhooks/{id}/rotate-secret"


def build(
    id: str,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        path={
            "id": id,
        },
    )


def parse(data: Any) -> RotatedWebhookSecret:
    """Parse the payload inside the envelope."""
    return RotatedWebhookSecret.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
) -> Response[RotatedWebhookSecret]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **for_httpx(
            build(
                id,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    id: str,
    *,
    client: Client,
) -> RotatedWebhookSecret:
    """Call the operation and return the payload."""
    return sync_detailed(
        id,
        client=client,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: Client,
) -> Response[RotatedWebhookSecret]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **for_httpx(
            build(
                id,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    id: str,
    *,
    client: Client,
) -> RotatedWebhookSecret:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
        )
    ).parsed
