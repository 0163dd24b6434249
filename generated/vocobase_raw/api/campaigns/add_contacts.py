"""Add contacts to a campaign.

Adds up to 10,000 people to the calling list of a draft campaign.

- Only while the campaign is in status draft.
- 1 to 10000 contacts per request; larger lists are split by the client.
- Duplicates of a phone are skipped silently and counted in duplicates.
- Contacts are account-level records found by phone: known phones are reused, only new phones create
contact records.
- Added equals contacts_created plus contacts_existing, and added plus duplicates equals the rows sent
(inferred)

POST /campaigns/{id}/contacts
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.added_contacts import AddedContacts
from ...models.campaigns_add_contacts_request import CampaignsAddContactsRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "campaigns.add_contacts"
METHOD: Final = "POST"
PATH: Final = "/campaigns/{id}/contacts"


def build(
    id: str,
    *,
    body: CampaignsAddContactsRequest,
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


def parse(data: Any) -> AddedContacts:
    """Parse the payload inside the envelope."""
    return AddedContacts.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
    body: CampaignsAddContactsRequest,
) -> Response[AddedContacts]:
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
    body: CampaignsAddContactsRequest,
) -> AddedContacts:
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
    body: CampaignsAddContactsRequest,
) -> Response[AddedContacts]:
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
    body: CampaignsAddContactsRequest,
) -> AddedContacts:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
            body=body,
        )
    ).parsed
