"""Get partner configuration.

Returns the settings, limits, webhook state and carrier setup of the partner.

- Sensitive values are masked.
- An entry in allowed_telephony_providers permits calls with a carrier; configured true only means that
credentials and a default number are set.
- The documented samples are subsets of the response; expect more members.
- The documentation says that the balance can be read here; its member name is not documented; credits is
inferred.

GET /config
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.partner_config import PartnerConfig
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "config.get"
METHOD: Final = "GET"
PATH: Final = "/config"


def build() -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
    )


def parse(data: Any) -> PartnerConfig:
    """Parse the payload inside the envelope."""
    return PartnerConfig.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
) -> Response[PartnerConfig]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
) -> PartnerConfig:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
) -> Response[PartnerConfig]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
) -> PartnerConfig:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
