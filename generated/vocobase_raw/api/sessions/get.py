"""Get a session.

Returns one session (phone or browser) with transcript, amount used, variables and recording link.

- Carries the same content as the session.completed webhook: transcript, recording, extraction, variables,
agent name, status, duration, credits.
- Meant as a polling fallback for partners that cannot receive webhooks.
- Works for sessions of both origins, phone and browser.
- Every call mints a fresh recording_url, valid 7 days.

GET /sessions/{id}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.session import Session
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "sessions.get"
METHOD: Final = "GET"
PATH: Final = "/sessions/{id}"


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


def parse(data: Any) -> Session:
    """Parse the payload inside the envelope."""
    return Session.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
) -> Response[Session]:
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
) -> Session:
    """Call the operation and return the payload."""
    return sync_detailed(
        id,
        client=client,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: Client,
) -> Response[Session]:
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
) -> Session:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
        )
    ).parsed
