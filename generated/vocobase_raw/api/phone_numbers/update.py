"""Assign an agent to a DID.

Changes which agent answers an imported number, its label or its status.

- A changed agent_id of a Plivo or Vobiz number first updates the carrier Application binding and only
then the local record; when the carrier step fails, the local assignment is not committed.
- Null and omitted are different: null clears the binding.
- An active number bound to an agent is also the preferred caller id for outbound calls of that agent on
Plivo, Vobiz, Tata Smartflo, SIP and VoiceLink.

PUT /phone-numbers/{id}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.phone_number import PhoneNumber
from ...models.phone_numbers_update_request import PhoneNumbersUpdateRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "phone_numbers.update"
METHOD: Final = "PUT"
PATH: Final = "/phone-numbers/{id}"


def build(
    id: str,
    *,
    body: PhoneNumbersUpdateRequest,
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


def parse(data: Any) -> PhoneNumber:
    """Parse the payload inside the envelope."""
    return PhoneNumber.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
    body: PhoneNumbersUpdateRequest,
) -> Response[PhoneNumber]:
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
    body: PhoneNumbersUpdateRequest,
) -> PhoneNumber:
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
    body: PhoneNumbersUpdateRequest,
) -> Response[PhoneNumber]:
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
    body: PhoneNumbersUpdateRequest,
) -> PhoneNumber:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
            body=body,
        )
    ).parsed
