"""Create an agent.

Creates a voice agent from a name, a prompt and a voice of the catalog.

- Agent_name must be unique within the partner.
- Voice_id must be an id of the voice catalog (GET /agent/voices)
- Language and gender are taken from the voice (newer API)
- Without project_id the agent goes to the default project of the partner.
- The partner has a ceiling on agents; config.get shows agent_limit and current_agent_count.
- Voicemail detection also needs the account-level provider setting.
- The documented create body has neither variables nor extraction_config; they are set with agents.update.
- Request names are snake_case (transfer_enabled, end_call_enabled) while the response uses camelCase for
the same settings (transferEnabled, endCallEnabled)

POST /agent
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...models.agent import Agent
from ...models.agents_create_request import AgentsCreateRequest
from ...types import (
    OperationRequest,
    Response,
    dump,
    expect_object,
    for_httpx,
)

if TYPE_CHECKING:
    from ...client import Client

OPERATION: Final = "agents.create"
METHOD: Final = "POST"
PATH: Final = "/agent"


def build(
    *,
    body: AgentsCreateRequest,
) -> OperationRequest:
    """Build the request without sending it."""
    return OperationRequest(
        operation=OPERATION,
        method=METHOD,
        template=PATH,
        json=dump(body),
    )


def parse(data: Any) -> Agent:
    """Parse the payload inside the envelope."""
    return Agent.from_dict(expect_object(data))


def sync_detailed(
    *,
    client: Client,
    body: AgentsCreateRequest,
) -> Response[Agent]:
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
    body: AgentsCreateRequest,
) -> Agent:
    """Call the operation and return the payload."""
    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: AgentsCreateRequest,
) -> Response[Agent]:
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
    body: AgentsCreateRequest,
) -> Agent:
    """Call the operation and return the payload."""
    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
