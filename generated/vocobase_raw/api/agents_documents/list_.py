"""List linked documents.

Lists all documents linked to an agent with their sync state.

- No query parameters; everything is returned in one response (at most 100 links per agent)

GET /agent/{id}/documents
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.linked_document_list import LinkedDocumentList
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "agents.documents.list"
METHOD: Final = "GET"
PATH: Final = "/agent/{id}/documents"


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


def parse(data: Any) -> LinkedDocumentList:
    """Parse the payload inside the envelope."""
    return LinkedDocumentList.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
) -> Response[LinkedDocumentList]:
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
) -> LinkedDocumentList:
    """Call the operation and return the payload."""
    return sync_detailed(
        id,
        client=client,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: Client,
) -> Response[LinkedDocumentList]:
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
) -> LinkedDocumentList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
        )
    ).parsed
