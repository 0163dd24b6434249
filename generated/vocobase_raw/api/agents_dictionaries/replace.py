"""Replace the agent's attached dictionaries.

Overwrites the whole set of dictionaries attached to an agent.

- Idempotent set replacement.
- Repeated ids in the array are dropped silently.
- All or nothing, in one transaction; a half-swapped set is never visible.
- The combined char_count of the set may be at most 10000; the same cap is enforced when a dictionary is
edited.
- Items are in summary form, without description and terms.
- Dictionaries only take effect on agents whose transcription setup supports vocabulary biasing.

PUT /agent/{id}/dictionaries
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.agents_dictionaries_replace_request import AgentsDictionariesReplaceRequest
from ...models.attached_dictionary_list import AttachedDictionaryList
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "agents.dictionaries.replace"
METHOD: Final = "PUT"
PATH: Final = "/agent/{id}/dictionaries"


def build(
    id: str,
    *,
    body: AgentsDictionariesReplaceRequest,
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


def parse(data: Any) -> AttachedDictionaryList:
    """Parse the payload inside the envelope."""
    return AttachedDictionaryList.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
    body: AgentsDictionariesReplaceRequest,
) -> Response[AttachedDictionaryList]:
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
    body: AgentsDictionariesReplaceRequest,
) -> AttachedDictionaryList:
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
    body: AgentsDictionariesReplaceRequest,
) -> Response[AttachedDictionaryList]:
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
    body: AgentsDictionariesReplaceRequest,
) -> AttachedDictionaryList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
            body=body,
        )
    ).parsed
