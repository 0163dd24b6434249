"""Get current call concurrency.

Returns the number of live calls, the cap that applies and the number of calls that may still start.

- Pending, ringing and in-progress calls count.
- A partner override above 0 caps the account at that value; an override of 0 means unlimited, and then
limit and remaining are null.
- A snapshot only: a start right afterwards may still be refused with 429.

GET /calls/concurrency
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.call_concurrency import CallConcurrency
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "calls.concurrency"
METHOD: Final = "GET"
PATH: Final = "/calls/concurrency"


def build() -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
    )


def parse(data: Any) -> CallConcurrency:
    """Parse the payload inside the envelope."""
    return CallConcurrency.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
) -> Response[CallConcurrency]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
) -> CallConcurrency:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
) -> Response[CallConcurrency]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
) -> CallConcurrency:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
