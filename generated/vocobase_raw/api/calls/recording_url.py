"""Get a fresh recording URL.

Mints a new signed download link for the recording of a call.

- The link is valid 7 days.
- Intended for use after the link from calls.get or session.completed has expired.

GET /calls/{id}/recording-url
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.recording_link import RecordingLink
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "calls.recording_url"
METHOD: Final = "GET"
PATH: Final = "/calls/{id}/recording-url"


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


def parse(data: Any) -> RecordingLink:
    """Parse the payload inside the envelope."""
    return RecordingLink.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
) -> Response[RecordingLink]:
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
) -> RecordingLink:
    """Call the operation and return the payload."""
    return sync_detailed(
        id,
        client=client,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: Client,
) -> Response[RecordingLink]:
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
) -> RecordingLink:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
        )
    ).parsed
