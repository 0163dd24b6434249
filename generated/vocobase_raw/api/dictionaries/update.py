"""Update a dictionary.

Changes name, description or the whole list of terms.

- Any subset of name, description and terms.
- Terms replaces the list as a whole.
- An edit that would push any attached agent above 10000 combined characters is rejected as a whole.

PATCH /dictionaries/{id}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.dictionaries_update_request import DictionariesUpdateRequest
from ...models.dictionary import Dictionary
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "dictionaries.update"
METHOD: Final = "PATCH"
PATH: Final = "/dictionaries/{id}"


def build(
    id: str,
    *,
    body: DictionariesUpdateRequest,
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


def parse(data: Any) -> Dictionary:
    """Parse the payload inside the envelope."""
    return Dictionary.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
    body: DictionariesUpdateRequest,
) -> Response[Dictionary]:
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
    body: DictionariesUpdateRequest,
) -> Dictionary:
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
    body: DictionariesUpdateRequest,
) -> Response[Dictionary]:
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
    body: DictionariesUpdateRequest,
) -> Dictionary:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
            body=body,
        )
    ).parsed
