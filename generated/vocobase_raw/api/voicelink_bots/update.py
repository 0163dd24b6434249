"""Update a VoiceLink WebSocket bot.

Replaces a bot record in VoiceLink.

- The method is POST and replaces the whole record; fields left out are lost.
- Data is the upstream VoiceLink body, passed through unchanged; its shape may vary.

POST /voicelink/bots/{bot_id}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from ...models.voicelink_bots_update_request import VoicelinkBotsUpdateRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "voicelink.bots.update"
METHOD: Final = "POST"
PATH: Final = "/voicelink/bots/{bot_id}"


def build(
    bot_id: int,
    *,
    body: VoicelinkBotsUpdateRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        path={
            "bot_id": bot_id,
        },
        json=dump(body),
    )


def parse(data: Any) -> Any:
    """Parse the payload inside the envelope."""
    return cast(Any, data)


def sync_detailed(
    bot_id: int,
    *,
    client: Client,
    body: VoicelinkBotsUpdateRequest,
) -> Response[Any]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **for_httpx(
            build(
                bot_id,
                body=body,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    bot_id: int,
    *,
    client: Client,
    body: VoicelinkBotsUpdateRequest,
) -> Any:
    """Call the operation and return the payload."""
    return sync_detailed(
        bot_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    bot_id: int,
    *,
    client: Client,
    body: VoicelinkBotsUpdateRequest,
) -> Response[Any]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **for_httpx(
            build(
                bot_id,
                body=body,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    bot_id: int,
    *,
    client: Client,
    body: VoicelinkBotsUpdateRequest,
) -> Any:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            bot_id,
            client=client,
            body=body,
        )
    ).parsed
