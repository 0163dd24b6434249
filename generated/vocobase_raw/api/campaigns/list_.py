"""List campaigns.

Lists the campaigns that were created through the partner API, newest first.

- All campaigns are returned, newest first; no paging is mentioned.
- Campaigns created in the dashboard are not included.

GET /campaigns
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.campaign_list import CampaignList
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "campaigns.list"
METHOD: Final = "GET"
PATH: Final = "/campaigns"


def build() -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
    )


def parse(data: Any) -> CampaignList:
    """Parse the payload inside the envelope."""
    return CampaignList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
) -> Response[CampaignList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
) -> CampaignList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
) -> Response[CampaignList]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
) -> CampaignList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
