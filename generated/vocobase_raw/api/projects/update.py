"""Update project.

Changes name and/or description of a project.

- Both fields are optional.

PUT /projects/{id}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.project import Project
from ...models.projects_update_request import ProjectsUpdateRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "projects.update"
METHOD: Final = "PUT"
PATH: Final = "/projects/{id}"


def build(
    id: str,
    *,
    body: ProjectsUpdateRequest,
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


def parse(data: Any) -> Project:
    """Parse the payload inside the envelope."""
    return Project.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
    body: ProjectsUpdateRequest,
) -> Response[Project]:
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
    body: ProjectsUpdateRequest,
) -> Project:
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
    body: ProjectsUpdateRequest,
) -> Response[Project]:
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
    body: ProjectsUpdateRequest,
) -> Project:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
            body=body,
        )
    ).parsed
