"""List attached dictionaries.

Lists every speech-recognition dictionary attached to an agent, in summary form.

- The summary form has neither description nor terms.
- All attached dictionaries are returned; no paging is mentioned.

GET /agent/{id}/dictionaries
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.attached_dictionary_list import AttachedDictionaryList
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "agents.dictionaries.list"
METHOD: Final = "GET"
PATH: Final = "/agent/{id}/dictionaries"


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


def parse(data: Any) -> AttachedDictionaryList:
    """Parse the payload inside the envelope."""
    return AttachedDictionaryList.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
) -> Response[AttachedDictionaryList]:
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
) -> AttachedDictionaryList:
    """Call the operation and return the payload."""
    return sync_detailed(
        id,
        client=client,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: Client,
) -> Response[AttachedDictionaryList]:
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
) -> AttachedDictionaryList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
        )
    ).parsed
