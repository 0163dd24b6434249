"""Delete a document.

Deletes a document permanently, with its file, and unlinks it from all agents.

- Permanent; the file is removed when there is one.
- Unlinks it from all agents.
- Knowledge-base cleanup runs asynchronously.

DELETE /documents/{id}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.confirmation import Confirmation
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "documents.delete"
METHOD: Final = "DELETE"
PATH: Final = "/documents/{id}"


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


def parse(data: Any) -> Confirmation:
    """Parse the payload inside the envelope."""
    return Confirmation.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
) -> Response[Confirmation]:
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
) -> Confirmation:
    """Call the operation and return the payload."""
    return sync_detailed(
        id,
        client=client,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: Client,
) -> Response[Confirmation]:
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
) -> Confirmation:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
        )
    ).parsed
