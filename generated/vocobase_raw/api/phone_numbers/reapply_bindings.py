"""Re-apply carrier Application bindings.

Points every assigned number of one carrier back at the Vocobase Application.

- Applies the answer/status Application binding to every assigned number of the provider.
- Useful after rotating credentials, after editing settings at the carrier, or to verify that all assigned
numbers point back.

POST /phone-numbers/reapply-bindings
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from ...models.phone_numbers_reapply_bindings_request import PhoneNumbersReapplyBindingsRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "phone_numbers.reapply_bindings"
METHOD: Final = "POST"
PATH: Final = "/phone-numbers/reapply-bindings"


def build(
    *,
    body: PhoneNumbersReapplyBindingsRequest,
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
    body: PhoneNumbersReapplyBindingsRequest,
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
    body: PhoneNumbersReapplyBindingsRequest,
) -> Any:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: PhoneNumbersReapplyBindingsRequest,
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
    body: PhoneNumbersReapplyBindingsRequest,
) -> Any:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
