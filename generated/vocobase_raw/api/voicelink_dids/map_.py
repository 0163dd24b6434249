"""Map a VoiceLink DID to a client.

Assigns a remote number to a VoiceLink client.

- VoiceLink is the authority on who owns a number.
- A changed mapping never deletes local phone-number rows.
- Data is the upstream VoiceLink body, passed through unchanged; its shape may vary.

POST /voicelink/dids/map
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from ...models.voicelink_dids_map_request import VoicelinkDidsMapRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "voicelink.dids.map"
METHOD: Final = "POST"
PATH: Final = "/voicelink/dids/map"


def build(
    *,
    body: VoicelinkDidsMapRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> Any:
    """Parse the payload inside the envelope."""
    return cast(Any, data)


def sync_detailed(
    *,
    client: Client,
    body: VoicelinkDidsMapRequest,
) -> Response[Any]:
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
    body: VoicelinkDidsMapRequest,
) -> Any:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: VoicelinkDidsMapRequest,
) -> Response[Any]:
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
    body: VoicelinkDidsMapRequest,
) -> Any:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
