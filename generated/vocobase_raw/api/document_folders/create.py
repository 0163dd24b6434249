"""Create a document folder.

Creates a folder that groups documents and can be linked to agents as a whole.

- Linking a folder to an agent syncs all its documents; documents added to or removed from the folder
later reach every linked agent.
- A document linked both directly and through a folder stays linked when the folder is removed.

POST /document-folders
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.document_folder import DocumentFolder
from ...models.document_folders_create_request import DocumentFoldersCreateRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "document_folders.create"
METHOD: Final = "POST"
PATH: Final = "/document-folders"


def build(
    *,
    body: DocumentFoldersCreateRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> DocumentFolder:
    """Parse the payload inside the envelope."""
    return DocumentFolder.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: DocumentFoldersCreateRequest,
) -> Response[DocumentFolder]:
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
    body: DocumentFoldersCreateRequest,
) -> DocumentFolder:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: DocumentFoldersCreateRequest,
) -> Response[DocumentFolder]:
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
    body: DocumentFoldersCreateRequest,
) -> DocumentFolder:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
