"""List projects.

Lists all projects of the partner with their agent counts.

- All projects are returned; no paging is mentioned.

GET /projects
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.project_list import ProjectList
from ...types import (
    OperationRequest,
    Response,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "projects.list"
METHOD: Final = "GET"
PATH: Final = "/projects"


def build() -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
    )


def parse(data: Any) -> ProjectList:
    """Parse the payload inside the envelope."""
    return ProjectList.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
) -> Response[ProjectList]:
    """Call the operation and return the payload with status and headers."""
    response = client.get_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


def sync(
    *,
    client: Client,
) -> ProjectList:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
) -> Response[ProjectList]:
    """Call the operation and return the payload with status and headers."""
    response = await client.get_async_httpx_client().request(**for_httpx(build()))
    return Response(response.status_code, response.content, response.headers, parse(client.payload(response)))


async def asyncio(
    *,
    client: Client,
) -> ProjectList:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
