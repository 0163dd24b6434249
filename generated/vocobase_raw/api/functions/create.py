"""Create a custom function.

Defines an HTTP function that an agent may call in the middle of a conversation.

- Flow: define a function, attach it to an agent, the LLM decides from the description when to call it,
Vocobase POSTs the inputs, the response is used in the conversation.
- Vocobase always sends a POST with the input parameters as a flat JSON object to url.
- The endpoint responds with a JSON object that contains the output members.
- Values of pre-call variables are available to functions.
- Header values never come back; only header_keys does.

POST /functions
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.custom_function import CustomFunction
from ...models.functions_create_request import FunctionsCreateRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "functions.create"
METHOD: Final = "POST"
PATH: Final = "/functions"


def build(
    *,
    body: FunctionsCreateRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> CustomFunction:
    """Parse the payload inside the envelope."""
    return CustomFunction.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: FunctionsCreateRequest,
) -> Response[CustomFunction]:
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
    body: FunctionsCreateRequest,
) -> CustomFunction:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: FunctionsCreateRequest,
) -> Response[CustomFunction]:
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
    body: FunctionsCreateRequest,
) -> CustomFunction:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
