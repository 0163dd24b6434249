"""List available voices.

Returns the voice catalog, whose ids are the valid values of voice_id of an agent.

- The id of a row is the voice_id for agents.create and agents.update.
- The tier (va-1 or va-1-pro) sets the rate per minute when the call is billed.
- Language and gender of an agent come from its voice.

GET /agent/voices
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.voice_list import VoiceList
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "voices.list"
METHOD: Final = "GET"
PATH: Final = "/agent/voices"


def build() -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
    )


def parse(data: Any) -> VoiceList:
    """Parse the payload inside the envelope."""
    return VoiceList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
) -> Response[VoiceList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
) -> VoiceList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
) -> Response[VoiceList]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
) -> VoiceList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
