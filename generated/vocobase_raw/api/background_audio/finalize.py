"""Finalize an uploaded asset.

Has the server check the uploaded WAV and mark the asset READY or FAILED.

- Call it only after the bytes were PUT to upload_url; it takes no body.
- Outcome READY carries the detected duration_secs, sample_rate and channels; outcome FAILED carries a
human-readable error (member name not documented)
- Container must be RIFF/WAVE with PCM or IEEE float samples.
- Mono only; a stereo file is rejected with a hint to downmix.
- At most 5 MiB and at most 5 minutes.

POST /agent/background-audio/{id}/finalize
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.background_audio import BackgroundAudio
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "background_audio.finalize"
METHOD: Final = "POST"
PATH: Final = "/agent/background-audio/{id}/finalize"


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


def parse(data: Any) -> BackgroundAudio:
    """Parse the payload inside the envelope."""
    return BackgroundAudio.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
) -> Response[BackgroundAudio]:
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
) -> BackgroundAudio:
    """Call the operation and return the payload."""
    return sync_detailed(
        id,
        client=client,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: Client,
) -> Response[BackgroundAudio]:
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
) -> BackgroundAudio:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
        )
    ).parsed
