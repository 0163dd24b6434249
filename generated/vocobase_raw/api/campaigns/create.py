"""Create a campaign.

Registers an outbound calling campaign for one agent and one carrier; it begins as a draft.

- A new campaign is always in status draft.
- Next steps: campaigns.add_contacts, then campaigns.start.
- The provider must be allowed for the partner and have credentials.
- The identifier member of a campaign is campaign_id, while the path placeholder is id.
- There is no updated_at and no retry, schedule, caller-id or connection_id member in the documentation.
- The pre-call-variables guide says a campaign can map contact metadata to variables; the member name of
that mapping is not documented.

POST /campaigns
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.campaign import Campaign
from ...models.campaigns_create_request import CampaignsCreateRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "campaigns.create"
METHOD: Final = "POST"
PATH: Final = "/campaigns"


def build(
    *,
    body: CampaignsCreateRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> Campaign:
    """Parse the payload inside the envelope."""
    return Campaign.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: CampaignsCreateRequest,
) -> Response[Campaign]:
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
    body: CampaignsCreateRequest,
) -> Campaign:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: CampaignsCreateRequest,
) -> Response[Campaign]:
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
    body: CampaignsCreateRequest,
) -> Campaign:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
