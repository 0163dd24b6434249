"""Transfer a live call to a human.

Hands a call in progress over to the phone number of a human after the bot has announced it.

- The call must be active and in progress.
- The agent must have transfer enabled.
- The transfer is queued: the bot speaks the announcement, then the carrier bridges the caller.
- The reference page says bridging is done through Plivo; the guide is carrier-neutral.
- The session.completed webhook of the call carries transfer metadata.

POST /calls/{id}/transfer
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.call_transfer import CallTransfer
from ...models.calls_transfer_request import CallsTransferRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "calls.transfer"
METHOD: Final = "POST"
PATH: Final = "/calls/{id}/transfer"


def build(
    id: str,
    *,
    body: CallsTransferRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        path={
            "id": id,
        },
        json=dump(body),
    )


def parse(data: Any) -> CallTransfer:
    """Parse the payload inside the envelope."""
    return CallTransfer.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
    body: CallsTransferRequest,
) -> Response[CallTransfer]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(
        **for_httpx(
            build(
                id,
                body=body,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    id: str,
    *,
    client: Client,
    body: CallsTransferRequest,
) -> CallTransfer:
    """Call the operation and return the payload."""
    return sync_detailed(
        id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: Client,
    body: CallsTransferRequest,
) -> Response[CallTransfer]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(
        **for_httpx(
            build(
                id,
                body=body,
            )
        )
    )
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    id: str,
    *,
    client: Client,
    body: CallsTransferRequest,
) -> CallTransfer:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
            body=body,
        )
    ).parsed
