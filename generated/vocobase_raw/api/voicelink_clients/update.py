"""Update a VoiceLink client.

Changes a client in VoiceLink; every field is optional.

- The method is POST, not PUT or PATCH.
- Data is the upstream VoiceLink body, passed through unchanged; its shape may vary.

POST /voicelink/clients/{client_id}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from ...models.voicelink_clients_update_request import VoicelinkClientsUpdateRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "voicelink.clients.update"
METHOD: Final = "POST"
PATH: Final = "/voicelink/clients/{client_id}"


def build(
    client_id: int,
    *,
    body: VoicelinkClientsUpdateRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        path={
            "client_id": client_id,
        },
        json=dump(body),
    )


def parse(data: Any) -> Any:
    """Parse the payload inside the envelope."""
    return cast(Any, data)


def sync_detailed(
    client_id: int,
    *,
    client: Client,
    body: VoicelinkClientsUpdateRequest,
) -> Response[Any]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **for_httpx(
            build(
                client_id,
                body=body,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    client_id: int,
    *,
    client: Client,
    body: VoicelinkClientsUpdateRequest,
) -> Any:
    """Call the operation and return the payload."""
    return sync_detailed(
        client_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    client_id: int,
    *,
    client: Client,
    body: VoicelinkClientsUpdateRequest,
) -> Response[Any]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **for_httpx(
            build(
                client_id,
                body=body,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    client_id: int,
    *,
    client: Client,
    body: VoicelinkClientsUpdateRequest,
) -> Any:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client_id,
            client=client,
            body=body,
        )
    ).parsed
