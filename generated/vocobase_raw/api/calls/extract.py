"""Run post-call extraction (Test Analysis / replay).

Runs the current extraction config of the agent over the transcript of a finished call.

- Always the current extraction_config of the agent, not the one in force at call time.
- Dry_run false saves the result on the session; dry_run true saves nothing.
- The session.completed webhook is not sent again in either case.
- Counts against the same partner rate limit as starting calls.
- Every configured key appears in values; a value that was not found is null.
- Value types: string, number, integer, boolean, array of strings, date as YYYY-MM-DD, datetime as YYYY-
MM-DDTHH:MM:SSZ.

POST /calls/{id}/extract
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.call_extraction import CallExtraction
from ...models.calls_extract_request import CallsExtractRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "calls.extract"
METHOD: Final = "POST"
PATH: Final = "/calls/{id}/extract"


def build(
    id: str,
    *,
    body: CallsExtractRequest,
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


def parse(data: Any) -> CallExtraction:
    """Parse the payload inside the envelope."""
    return CallExtraction.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
    body: CallsExtractRequest,
) -> Response[CallExtraction]:
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
    body: CallsExtractRequest,
) -> CallExtraction:
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
    body: CallsExtractRequest,
) -> Response[CallExtraction]:
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
    body: CallsExtractRequest,
) -> CallExtraction:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
            body=body,
        )
    ).parsed
