"""Create project.

Creates a project that groups agents.

- Names are unique per partner.
- Every agent belongs to exactly one project.

POST /projects
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.project import Project
from ...models.projects_create_request import ProjectsCreateRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "projects.create"
METHOD: Final = "POST"
PATH: Final = "/projects"


def build(
    *,
    body: ProjectsCreateRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> Project:
    """Parse the payload inside the envelope."""
    return Project.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: ProjectsCreateRequest,
) -> Response[Project]:
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
    body: ProjectsCreateRequest,
) -> Project:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: ProjectsCreateRequest,
) -> Response[Project]:
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
    body: ProjectsCreateRequest,
) -> Project:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
