"""Sync VoiceLink state and readiness.

Compares clients, numbers, bots and routing of VoiceLink with the local phone numbers and reports
readiness and drift; imports numbers unless import_dids is false.

- Adds and updates local rows but never deletes silently.

POST /voicelink/sync
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.voice_link_state import VoiceLinkState
from ...models.voicelink_state_sync_request import VoicelinkStateSyncRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "voicelink.state.sync"
METHOD: Final = "POST"
PATH: Final = "/voicelink/sync"


def build(
    *,
    body: VoicelinkStateSyncRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> VoiceLinkState:
    """Parse the payload inside the envelope."""
    return VoiceLinkState.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: VoicelinkStateSyncRequest,
) -> Response[VoiceLinkState]:
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
    body: VoicelinkStateSyncRequest,
) -> VoiceLinkState:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: VoicelinkStateSyncRequest,
) -> Response[VoiceLinkState]:
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
    body: VoicelinkStateSyncRequest,
) -> VoiceLinkState:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
