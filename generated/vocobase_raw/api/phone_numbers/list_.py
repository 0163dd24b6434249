"""List imported phone numbers.

Lists the Plivo and Vobiz numbers imported into the account.

- Only imported Plivo and Vobiz numbers are meant.
- phone_numbers.update and delete take the id of a row.

GET /phone-numbers
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.phone_number_list import PhoneNumberList
from ...types import (
    UNSET,
    OperationRequest,
    Response,
    Unset,
    expect_object,
    for_httpx,
    given,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "phone_numbers.list"
METHOD: Final = "GET"
PATH: Final = "/phone-numbers"


def build(
    *,
    provider: str | Unset = UNSET,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        query=given(
            {
                "provider": provider,
            }
        ),
    )


def parse(data: Any) -> PhoneNumberList:
    """Parse the payload inside the envelope."""
    return PhoneNumberList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    provider: str | Unset = UNSET,
) -> Response[PhoneNumberList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **for_httpx(
            build(
                provider=provider,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
    provider: str | Unset = UNSET,
) -> PhoneNumberList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        provider=provider,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    provider: str | Unset = UNSET,
) -> Response[PhoneNumberList]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **for_httpx(
            build(
                provider=provider,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
    provider: str | Unset = UNSET,
) -> PhoneNumberList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            provider=provider,
        )
    ).parsed
