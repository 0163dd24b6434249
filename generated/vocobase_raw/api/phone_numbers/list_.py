"""List imported phone numbers.

Lists the Plivo and Vobiz numbers imported into the account.

- Only imported Plivo and Vobiz numbers are meant.
- The id of a row is what phone_numbers.update and delete take.

GET /phone-numbers
"""

from __future__ import annotations

from typing import Any, Final

from ...client import Client, payload
from ...models.phone_number_list import PhoneNumberList
from ...types import (
    UNSET,
    Response,
    Unset,
    dump,
    expect_object,
)

OPERATION: Final = "phone_numbers.list"
METHOD: Final = "GET"
PATH: Final = "/phone-numbers"


def build(
    *,
    provider: str | Unset = UNSET,
) -> dict[str, Any]:
    """Return the arguments of the request: method, url, params, json and extensions."""
    request: dict[str, Any] = {
        "method": METHOD,
        "url": PATH,
        "extensions": {"operation": OPERATION, "path": PATH},
    }
    params = {
        "provider": provider,
    }
    request["params"] = {
        key: dump(value) for key, value in params.items() if value is not UNSET and value is not None
    }
    return request


def parse(data: Any) -> PhoneNumberList:
    """Read the payload inside the envelope."""
    return PhoneNumberList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    provider: str | Unset = UNSET,
) -> Response[PhoneNumberList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **build(
            provider=provider,
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(payload(response)))


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
        **build(
            provider=provider,
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(payload(response)))


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
