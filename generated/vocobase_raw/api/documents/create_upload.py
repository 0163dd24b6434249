"""Get presigned upload URL.

Creates a document record and returns a presigned PUT URL for its bytes.

- Step 1 of 3; step 2 is a PUT of the raw bytes to upload_url with Content-Type equal to mime_type, step 3
is documents.confirm.
- The record exists immediately with status uploading.
- The URL is valid for 15 minutes (900 seconds)
- The presigned PUT goes to object storage and shows no Authorization header; do not send the API key
there.
- Only a ready document can be linked to an agent.

POST /documents/upload
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.document_upload import DocumentUpload
from ...models.documents_create_upload_request import DocumentsCreateUploadRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "documents.create_upload"
METHOD: Final = "POST"
PATH: Final = "/documents/upload"


def build(
    *,
    body: DocumentsCreateUploadRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> DocumentUpload:
    """Parse the payload inside the envelope."""
    return DocumentUpload.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: DocumentsCreateUploadRequest,
) -> Response[DocumentUpload]:
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
    body: DocumentsCreateUploadRequest,
) -> DocumentUpload:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: DocumentsCreateUploadRequest,
) -> Response[DocumentUpload]:
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
    body: DocumentsCreateUploadRequest,
) -> DocumentUpload:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
