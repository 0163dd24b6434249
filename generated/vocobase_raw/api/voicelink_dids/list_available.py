"""List available VoiceLink DIDs.

Lists numbers that could be taken.

- Buying a number is expressly outside this API.

GET /voicelink/dids/available
"""

from __future__ import annotations

from typing import Any, Final

from ...client import Client, payload
from ...models.voice_link_available_did_list import VoiceLinkAvailableDidList
from ...types import (
    UNSET,
    Response,
    Unset,
    dump,
    expect_object,
)

OPERATION: Final = "voicelink.dids.list_available"
METHOD: Final = "GET"
PATH: Final = "/voicelink/dids/available"


def build(
    *,
    connection_id: str | Unset = UNSET,
) -> dict[str, Any]:
    """Return the arguments of the request: method, url, params, json and extensions."""
    request: dict[str, Any] = {
        "method": METHOD,
        "url": PATH,
        "extensions": {"operation": OPERATION, "path": PATH},
    }
    params = {
        "connection_id": connection_id,
    }
    request["params"] = {
        key: dump(value) for key, value in params.items() if value is not UNSET and value is not None
    }
    return request


def parse(data: Any) -> VoiceLinkAvailableDidList:
    """Read the payload inside the envelope."""
    return VoiceLinkAvailableDidList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    connection_id: str | Unset = UNSET,
) -> Response[VoiceLinkAvailableDidList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **build(
            connection_id=connection_id,
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(payload(response)))


def sync(
    *,
    client: Client,
    connection_id: str | Unset = UNSET,
) -> VoiceLinkAvailableDidList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        connection_id=connection_id,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    connection_id: str | Unset = UNSET,
) -> Response[VoiceLinkAvailableDidList]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **build(
            connection_id=connection_id,
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(payload(response)))


async def asyncio(
    *,
    client: Client,
    connection_id: str | Unset = UNSET,
) -> VoiceLinkAvailableDidList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            connection_id=connection_id,
        )
    ).parsed
