"""Link documents to an agent.

Attaches up to 20 documents to the knowledge base of an agent.

- Documents must be in status ready.
- Ids that are linked already are skipped silently and reported in skipped.
- At most 20 ids in one request and 100 linked documents per agent.
- Indexing of newly linked documents starts immediately and runs asynchronously; sync_status begins as
pending.
- A document linked both directly and through a folder stays linked when the folder is removed.

POST /agent/{id}/documents
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.agents_documents_link_request import AgentsDocumentsLinkRequest
from ...models.document_link_result import DocumentLinkResult
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "agents.documents.link"
METHOD: Final = "POST"
PATH: Final = "/agent/{id}/documents"


def build(
    id: str,
    *,
    body: AgentsDocumentsLinkRequest,
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


def parse(data: Any) -> DocumentLinkResult:
    """Parse the payload inside the envelope."""
    return DocumentLinkResult.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
    body: AgentsDocumentsLinkRequest,
) -> Response[DocumentLinkResult]:
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
    body: AgentsDocumentsLinkRequest,
) -> DocumentLinkResult:
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
    body: AgentsDocumentsLinkRequest,
) -> Response[DocumentLinkResult]:
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
    body: AgentsDocumentsLinkRequest,
) -> DocumentLinkResult:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
            body=body,
        )
    ).parsed
