"""Dismiss stale calls.

Cancels every call of the partner that is still pending or ringing.

- All calls in status pending or ringing of the authenticated partner are cancelled; calls in progress are
untouched.
- Intended for cleaning up calls that never connected.
- No age threshold is mentioned, so a call that was just started is cancelled too.

POST /calls/dismiss-stale
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.confirmation import Confirmation
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "calls.dismiss_stale"
METHOD: Final = "POST"
PATH: Final = "/calls/dismiss-stale"


def build() -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
    )


def parse(data: Any) -> Confirmation:
    """Parse the payload inside the envelope."""
    return Confirmation.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
) -> Response[Confirmation]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
) -> Confirmation:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
) -> Response[Confirmation]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
) -> Confirmation:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
