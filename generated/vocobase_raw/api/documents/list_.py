"""List documents.

Pages through the documents of the partner, newest first.

- Ordered by creation time, newest first.
- Total, limit and offset sit flat in data next to documents.

GET /documents
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.document_list import DocumentList
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

OPERATION: Final = "documents.list"
METHOD: Final = "GET"
PATH: Final = "/documents"


def build(
    *,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
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
            }
        ),
    )


def parse(data: Any) -> DocumentList:
    """Parse the payload inside the envelope."""
    return DocumentList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
) -> Response[DocumentList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **for_httpx(
            build(
                limit=limit,
                offset=offset,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
) -> DocumentList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        limit=limit,
        offset=offset,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
) -> Response[DocumentList]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **for_httpx(
            build(
                limit=limit,
                offset=offset,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
) -> DocumentList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            offset=offset,
        )
    ).parsed
