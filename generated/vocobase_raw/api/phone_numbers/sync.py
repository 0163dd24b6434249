"""Sync Plivo or Vobiz DIDs.

Imports numbers into Vocobase for inbound routing.

- Plivo: the inventory is pulled from Plivo REST with the configured credentials.
- Vobiz: inventory pull is not available, so numbers must be listed explicitly.

POST /phone-numbers/sync
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.phone_number_list import PhoneNumberList
from ...models.phone_numbers_sync_request import PhoneNumbersSyncRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "phone_numbers.sync"
METHOD: Final = "POST"
PATH: Final = "/phone-numbers/sync"


def build(
    *,
    body: PhoneNumbersSyncRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> PhoneNumberList:
    """Parse the payload inside the envelope."""
    return PhoneNumberList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: PhoneNumbersSyncRequest,
) -> Response[PhoneNumberList]:
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
    body: PhoneNumbersSyncRequest,
) -> PhoneNumberList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: PhoneNumbersSyncRequest,
) -> Response[PhoneNumberList]:
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
    body: PhoneNumbersSyncRequest,
) -> PhoneNumberList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
