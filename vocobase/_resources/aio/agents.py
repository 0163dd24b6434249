"""Voice agents: prompt, voice and behaviour."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from vocobase._base.arguments import check_text
from vocobase._base.values import OMIT, Omit
from vocobase._policy.limits import check_members
from vocobase._policy.pages import Page
from vocobase._policy.settings import settings_of
from vocobase._policy.variables import difference_of, variables_in
from vocobase._resources.aio.agent_dictionaries import AsyncAgentDictionaries
from vocobase._resources.aio.ensuring import ensure
from vocobase._resources.aio.resource import AsyncResource
from vocobase._resources.ensured import EnsuredAgent
from vocobase_raw import api, models
from vocobase_raw.settings import AgentCreateSettings, AgentSettings

if TYPE_CHECKING:
    from vocobase._policy.choices import AgentTypeValue
    from vocobase._resources.aio.agent_documents import AsyncAgentDocuments
    from vocobase_raw.models import Agent, Confirmation

T = TypeVar("T")


class AsyncAgents(AsyncResource):
    """Voice agents: prompt, voice and behaviour."""

    @cached_property
    def dictionaries(self) -> AsyncAgentDictionaries:
        """The speech-recognition dictionaries of an agent."""
        return AsyncAgentDictionaries(self._core)

    @cached_property
    def documents(self) -> AsyncAgentDocuments:
        """The documents in the knowledge base of an agent."""
        # Imported late: uploads and folders would double the time that the first use of `agents` takes.
        from vocobase._resources.aio.agent_documents import AsyncAgentDocuments

        return AsyncAgentDocuments(self._core)

    @staticmethod
    def variables_in(*texts: str | None) -> list[str]:
        """Return the variables that a prompt uses, to be declared with ``agents.update(variables=...)``.

        Args:
            texts: Prompt, greeting and other texts; None is ignored.

        Returns:
            The names of the ``{{name}}`` placeholders without duplicates, in the order of their first use.

        Raises:
            InvalidArgumentError: an argument is not text.

        Retries: none, nothing is sent.
        Documentation: Guides, Pre-call Variables.
        """
        return variables_in(*texts)

    @staticmethod
    def check_variables(agent: Agent, variables: Mapping[str, object]) -> str:
        """Describe how variables differ from those that an agent declares, before you start a call.

        Args:
            agent: The agent.
            variables: The variables that you will pass to ``calls.start``.

        Returns:
            One line with the names of missing and undeclared variables, without values; empty if none differ.

        Raises:
            InvalidArgumentError: ``agent`` is not an agent, or ``variables`` is not a mapping.

        Retries: none, nothing is sent.
        Documentation: Guides, Pre-call Variables.
        """
        return difference_of(agent, variables)

    async def create(
        self,
        agent_name: str,
        prompt: str,
        *,
        voice_id: str,
        agent_type: AgentTypeValue = "outbound",
        **settings: Unpack[AgentCreateSettings],
    ) -> Agent:
        """Create a voice agent from a name, a prompt and a voice of the catalog.

        Args:
            agent_name: Unique per partner (at most 50 characters).
            prompt: System prompt (personality and behaviour) (at most 120,000 characters).
            voice_id: An id from GET /agent/voices; language and gender come from that voice.
            agent_type: Call direction (one of inbound, outbound).
            settings: Any setting of ``vocobase.types.AgentCreateSettings``, by name.

        Returns:
            The ``Agent``.

        Raises:
            ValidationFailedError: required value missing or value out of range; the message names it.
            ConflictError: another agent of the partner already has this name.
            OutcomeUnknownError: no response; check with agents.find (names are unique) before creating
                again.

        Retries: only if the API certainly did not process the request.
        Documentation: Agents, Create an agent.
        """
        return await self._core.call(
            api.agents.create.build(
                body=models.AgentsCreateRequest(
                    agent_name=agent_name,
                    prompt=prompt,
                    voice_id=voice_id,
                    agent_type=agent_type,
                    **settings_of("agents.create", settings, AgentCreateSettings.__optional_keys__),
                )
            ),
            api.agents.create.parse,
        )

    async def list(self, *, limit: int | Omit = OMIT, offset: int | Omit = OMIT) -> Page[Agent]:
        """Page through the agents of the partner, newest first.

        Args:
            limit: Page size (1 to 100; default 10).
            offset: Rows to skip (at least 0; default 0).

        Returns:
            A page of ``Agent``.

        Retries: automatic.
        Documentation: Agents, List agents.
        """
        return await self._core.page(
            api.agents.list_.build(limit=limit, offset=offset), "agents", models.Agent.from_dict
        )

    def iter(self, *, page_size: int = 100) -> AsyncIterator[Agent]:
        """Iterate over all agents, newest first; a row that shifts between pages is returned once.

        Args:
            page_size: Agents per request (1 to 100).

        Returns:
            An iterator of ``Agent``.

        Retries: automatic.
        Documentation: Agents, List agents.
        """
        return self._core.walk(
            lambda offset: api.agents.list_.build(limit=page_size, offset=offset),
            "agents",
            models.Agent.from_dict,
            lambda agent: agent.id,
        )

    async def find(self, agent_name: str) -> Agent | None:
        """Return the agent of this name.

        Args:
            agent_name: Name, compared exactly; names are unique per partner.

        Returns:
            The ``Agent``, or None.

        Raises:
            InvalidArgumentError: the name is not a string; nothing was sent.

        Retries: automatic.
        Documentation: Agents, List agents.
        """
        check_text("agents.find", agent_name=agent_name)
        async for agent in self.iter():
            if agent.agent_name == agent_name:
                return agent
        return None

    async def ensure(
        self,
        agent_name: str,
        prompt: str,
        *,
        voice_id: str,
        agent_type: AgentTypeValue = "outbound",
        **settings: Unpack[AgentSettings],
    ) -> EnsuredAgent:
        """Create the agent of this name, or update it if it differs.

        Args:
            agent_name: Name, unique per partner (at most 50 characters).
            prompt: System prompt (at most 120,000 characters).
            voice_id: An id of the voice catalog.
            agent_type: Call direction (one of inbound, outbound).
            settings: Any setting of ``vocobase.types.AgentSettings``, by name.

        Returns:
            The ``Agent`` as it is now; its ``change`` is ``created``, ``changed`` or ``unchanged``.

        Raises:
            InvalidArgumentError: an argument is of the wrong type or beyond a limit; nothing was sent.

        Retries: automatic; after an error, call it again: the result is the same.
        Documentation: Agents, Create an agent and Update an agent.
        """
        body: dict[str, Any] = {"prompt": prompt, "voice_id": voice_id, "agent_type": agent_type}
        body |= settings_of(
            "agents.ensure", settings, AgentSettings.__optional_keys__, limits_of="agents.update"
        )
        # An invalid setting is rejected now, not after the agent was created without it.
        named = models.AgentsUpdateRequest(agent_name=agent_name, **body)
        check_members("agents.ensure", named.to_dict(), limits_of="agents.update")

        async def create() -> Agent:
            made = await self.create(agent_name, prompt, voice_id=voice_id, agent_type=agent_type)
            return await self.update(made.id, **body) if settings else made

        return await ensure(
            EnsuredAgent,
            named.to_dict(),
            find=lambda: self.find(agent_name),
            create=create,
            update=lambda agent: self.update(agent.id, **body),
        )

    async def get(self, agent_id: str) -> Agent:
        """Fetch one agent.

        Args:
            agent_id: Agent id.

        Returns:
            The ``Agent``.

        Raises:
            NotFoundError: no such agent, or it belongs to another account.

        Retries: automatic.
        Documentation: Agents, Get an agent.
        """
        return await self._core.call(api.agents.get.build(agent_id), api.agents.get.parse)

    async def update(
        self,
        agent_id: str,
        *,
        agent_name: str | Omit = OMIT,
        prompt: str | Omit = OMIT,
        voice_id: str | Omit = OMIT,
        agent_type: AgentTypeValue | Omit = OMIT,
        **settings: Unpack[AgentSettings],
    ) -> Agent:
        """Change any subset of the settings of an agent (a partial update although the method is PUT).

        Args:
            agent_id: Agent id.
            agent_name: Unique per partner (at most 50 characters).
            prompt: System prompt (personality and behaviour) (at most 120,000 characters).
            voice_id: An id from GET /agent/voices; language and gender follow the new voice.
            agent_type: Call direction (one of inbound, outbound).
            settings: Any setting of ``vocobase.types.AgentSettings``, by name.

        Returns:
            The ``Agent``.

        Raises:
            ValidationFailedError: no field passed, or a value out of range.
            NotFoundError: no such agent, or it belongs to another account.
            ConflictError: the new name is already used by another agent.

        Retries: automatic.
        Documentation: Agents, Update an agent.
        """
        return await self._core.call(
            api.agents.update.build(
                agent_id,
                body=models.AgentsUpdateRequest(
                    agent_name=agent_name,
                    prompt=prompt,
                    voice_id=voice_id,
                    agent_type=agent_type,
                    **settings_of("agents.update", settings, AgentSettings.__optional_keys__),
                ),
            ),
            api.agents.update.parse,
        )

    async def delete(self, agent_id: str) -> Confirmation:
        """Soft-delete an agent and drop its document links.

        Args:
            agent_id: Agent id.

        Returns:
            The confirmation text.

        Raises:
            NotFoundError: no such agent, or it belongs to another account.

        Retries: automatic.
        Documentation: Agents, Delete an agent.
        """
        return await self._core.call(api.agents.delete.build(agent_id), api.agents.delete.parse)
