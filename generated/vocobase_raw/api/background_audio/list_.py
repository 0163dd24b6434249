"""List background audio assets.

Lists the platform-curated assets and the uploads of the partner.

- Both visibility tiers are returned: platform-curated (is_platform true) and own uploads.
- Each row carries a preview_url valid for 15 minutes, usable in a browser.
- No paging is mentioned.

GET /agent/background-audio
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.background_audio_list import BackgroundAudioList
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "background_audio.list"
METHOD: Final = "GET"
PATH: Final = "/agent/background-audio"


def build() -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
    )


def parse(data: Any) -> BackgroundAudioList:
    """Parse the payload inside the envelope."""
    return BackgroundAudioList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
) -> Response[BackgroundAudioList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
) -> BackgroundAudioList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
) -> Response[BackgroundAudioList]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
) -> BackgroundAudioList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
