"""Add a web link document.

Creates a document from a URL.

- The document is ready immediately; there is no upload step.
- The content of the URL is fetched and indexed when the document is linked to an agent.

POST /documents/web-link
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.document import Document
from ...models.documents_add_web_link_request import DocumentsAddWebLinkRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "documents.add_web_link"
METHOD: Final = "POST"
PATH: Final = "/documents/web-link"


def build(
    *,
    body: DocumentsAddWebLinkRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> Document:
    """Parse the payload inside the envelope."""
    return Document.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: DocumentsAddWebLinkRequest,
) -> Response[Document]:
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
    body: DocumentsAddWebLinkRequest,
) -> Document:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: DocumentsAddWebLinkRequest,
) -> Response[Document]:
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
    body: DocumentsAddWebLinkRequest,
) -> Document:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
