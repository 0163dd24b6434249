"""Stop (cancel) a campaign.

Cancels a campaign permanently.

- Allowed from running, paused and credit_exhausted.
- All queued contacts are marked skipped.
- Terminal: a cancelled campaign cannot be started again.
- A draft is not among the states that can be stopped.

POST /campaigns/{id}/stop
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.campaign import Campaign
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "campaigns.stop"
METHOD: Final = "POST"
PATH: Final = "/campaigns/{id}/stop"


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


def parse(data: Any) -> Campaign:
    """Parse the payload inside the envelope."""
    return Campaign.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
) -> Response[Campaign]:
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
) -> Campaign:
    """Call the operation and return the payload."""
    return sync_detailed(
        id,
        client=client,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: Client,
) -> Response[Campaign]:
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
) -> Campaign:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
        )
    ).parsed
