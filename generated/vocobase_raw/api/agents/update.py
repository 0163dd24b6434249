"""Update an agent.

Changes any subset of the settings of an agent (a partial update although the method is PUT).

- Only the fields that are sent change; at least one field is required.
- Null (or an empty string for texts) clears or resets many fields, so omitted and null are different.
- A new voice_id also changes language and gender.
- Transfer_enabled false clears the transfer settings.
- Transfer_number is required when transfer_enabled is true.
- The former arrays end_call_triggers and transferTriggers were removed outright in favour of
end_call_instructions and transfer_instructions.
- With end_call_enabled true the prompt alone may still make the agent end calls, even when
end_call_instructions is cleared.
- Moving an agent to another project is done here with project_id.
- Variable names: at most 100, each matching ^[a-zA-Z_][a-zA-Z0-9_]*$.
- The call-transfer guide sends transferEnabled, transferNumber and transferMessage in camelCase to the
same route while the reference body is snake_case; clients send snake_case.

PUT /agent/{id}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.agent import Agent
from ...models.agents_update_request import AgentsUpdateRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "agents.update"
METHOD: Final = "PUT"
PATH: Final = "/agent/{id}"


def build(
    id: str,
    *,
    body: AgentsUpdateRequest,
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


def parse(data: Any) -> Agent:
    """Parse the payload inside the envelope."""
    return Agent.from_dict(expect_object(data))


def sync_detailed(
    id: str,
    *,
    client: Client,
    body: AgentsUpdateRequest,
) -> Response[Agent]:
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
    body: AgentsUpdateRequest,
) -> Agent:
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
    body: AgentsUpdateRequest,
) -> Response[Agent]:
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
    body: AgentsUpdateRequest,
) -> Agent:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            id,
            client=client,
            body=body,
        )
    ).parsed
