"""Update a document.

Changes name and/or description of a document.

- At least one field is required.
- The knowledge-base cache of every linked agent is invalidated.

PUT /documents/{id}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.document import Document
from ...models.documents_update_request import DocumentsUpdateRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "documents.update"
METHOD: Final = "PUT"
PATH: Final = "/documents/{id}"


def build(
    id: str,
    *,
    body: DocumentsUpdateRequest,
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


def parse(data: Any) -> Document:
    """Parse the payload inside the envelope."""
    return Document.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
    body: DocumentsUpdateRequest,
) -> Response[Document]:
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
    body: DocumentsUpdateRequest,
) -> Document:
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
    body: DocumentsUpdateRequest,
) -> Response[Document]:
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
    body: DocumentsUpdateRequest,
) -> Document:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
            body=body,
        )
    ).parsed
