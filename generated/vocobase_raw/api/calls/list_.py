"""List calls.

Pages through the calls of the partner, newest first, optionally one status only.

- Ordered by start time, newest first.
- Total, limit and offset sit flat in data next to calls.
- Status is the lifecycle state; the final outcome such as voicemail, busy or no_answer is in disposition.
- The status filter ignores case.

GET /calls
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.call_list import CallList
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

OPERATION: Final = "calls.list"
METHOD: Final = "GET"
PATH: Final = "/calls"


def build(
    *,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: str | Unset = UNSET,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        query=given(
            {
                "limit": limit,
                "offset": offset,
                "status": status,
            }
        ),
    )


def parse(data: Any) -> CallList:
    """Parse the payload inside the envelope."""
    return CallList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: str | Unset = UNSET,
) -> Response[CallList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **for_httpx(
            build(
                limit=limit,
                offset=offset,
                status=status,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: str | Unset = UNSET,
) -> CallList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        limit=limit,
        offset=offset,
        status=status,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: str | Unset = UNSET,
) -> Response[CallList]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **for_httpx(
            build(
                limit=limit,
                offset=offset,
                status=status,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: str | Unset = UNSET,
) -> CallList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            offset=offset,
            status=status,
        )
    ).parsed
