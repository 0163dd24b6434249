"""Mint a presigned upload URL.

Registers a new background-audio asset and returns its id with a presigned PUT URL for the WAV bytes.

- Step 1 of the upload; step 2 is a PUT of the raw WAV bytes to upload_url with Content-Type: audio/wav,
step 3 is background_audio.finalize.
- The URL is valid for 15 minutes; unlike documents.create_upload no expires_in member is documented.
- The declared size may be at most 5242880 bytes.
- Slugs are unique over all assets, not per partner.
- The presigned PUT goes to object storage, so do not send the API key there.

POST /agent/background-audio
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.background_audio_create_upload_request import BackgroundAudioCreateUploadRequest
from ...models.background_audio_upload import BackgroundAudioUpload
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "background_audio.create_upload"
METHOD: Final = "POST"
PATH: Final = "/agent/background-audio"


def build(
    *,
    body: BackgroundAudioCreateUploadRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> BackgroundAudioUpload:
    """Parse the payload inside the envelope."""
    return BackgroundAudioUpload.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: BackgroundAudioCreateUploadRequest,
) -> Response[BackgroundAudioUpload]:
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
    body: BackgroundAudioCreateUploadRequest,
) -> BackgroundAudioUpload:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: BackgroundAudioCreateUploadRequest,
) -> Response[BackgroundAudioUpload]:
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
    body: BackgroundAudioCreateUploadRequest,
) -> BackgroundAudioUpload:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
