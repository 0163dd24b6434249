"""Create a dictionary.

Creates a reusable list of speech-recognition terms; it is not tied to an agent.

- Takes no agent_id; attach it afterwards with agents.dictionaries.replace.
- Normalization of terms: outer whitespace trimmed, empty entries dropped, entries that are not strings
skipped silently, duplicates removed without regard to case, keeping the casing of the first one.
- The returned terms can differ from the sent ones.
- No cap on the number of terms or on term length; phrases of 1 to 4 words work best.
- The cap of 10000 characters applies to all dictionaries of one agent together and is checked on attach
and on update.

POST /dictionaries
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.dictionaries_create_request import DictionariesCreateRequest
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

OPERATION: Final = "dictionaries.create"
METHOD: Final = "POST"
PATH: Final = "/dictionaries"


def build(
    *,
    body: DictionariesCreateRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> Dictionary:
    """Parse the payload inside the envelope."""
    return Dictionary.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: DictionariesCreateRequest,
) -> Response[Dictionary]:
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
    body: DictionariesCreateRequest,
) -> Dictionary:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: DictionariesCreateRequest,
) -> Response[Dictionary]:
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
    body: DictionariesCreateRequest,
) -> Dictionary:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
