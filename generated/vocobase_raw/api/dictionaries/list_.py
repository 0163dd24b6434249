"""List dictionaries.

Lists every dictionary of the partner in summary form, newest first.

- Ordered by creation time, newest first.
- The summary form has no terms (description is expected to be there, unlike in the list of one agent)
- All dictionaries are returned; no paging is mentioned.

GET /dictionaries
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.dictionary_list import DictionaryList
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "dictionaries.list"
METHOD: Final = "GET"
PATH: Final = "/dictionaries"


def build() -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
    )


def parse(data: Any) -> DictionaryList:
    """Parse the payload inside the envelope."""
    return DictionaryList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
) -> Response[DictionaryList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
) -> DictionaryList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
) -> Response[DictionaryList]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
) -> DictionaryList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
