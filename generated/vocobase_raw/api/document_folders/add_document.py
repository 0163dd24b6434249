"""Add documents to a folder.

Adds documents to a folder.

- Added documents are synced to every agent that is linked to the folder.

POST /document-folders/{id}/documents
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from ...models.document_folders_add_document_request import DocumentFoldersAddDocumentRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "document_folders.add_document"
METHOD: Final = "POST"
PATH: Final = "/document-folders/{id}/documents"


def build(
    id: str,
    *,
    body: DocumentFoldersAddDocumentRequest,
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


def parse(data: Any) -> Any:
    """Parse the payload inside the envelope."""
    return cast(Any, data)


def sync_detailed(
    id: str,
    *,
    client: Client,
    body: DocumentFoldersAddDocumentRequest,
) -> Response[Any]:
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
    body: DocumentFoldersAddDocumentRequest,
) -> Any:
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
    body: DocumentFoldersAddDocumentRequest,
) -> Response[Any]:
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
    body: DocumentFoldersAddDocumentRequest,
) -> Any:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
            body=body,
        )
    ).parsed
