# Derived from vocobase/_resources/aio/agent_dictionaries.py by scripts/derive_sync.py; edit that instead.
"""The speech-recognition dictionaries of an agent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from vocobase._base.values import as_list
from vocobase._policy.pages import Page
from vocobase._resources.sync.resource import Resource
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import AttachedDictionary


class AgentDictionaries(Resource):
    """The speech-recognition dictionaries of an agent."""

    def list(self, agent_id: str) -> Page[AttachedDictionary]:
        """Return a summary of every speech-recognition dictionary that is attached to an agent.

        Args:
            agent_id: Agent id.

        Returns:
            A page of ``AttachedDictionary``.

        Raises:
            NotFoundError: unknown agent, or owned by another account.

        Retries: automatic.
        Documentation: Agents, List attached dictionaries.
        """
        return self._core.page(
            api.agents_dictionaries.list_.build(agent_id), "dictionaries", models.AttachedDictionary.from_dict
        )

    def iter(self, agent_id: str) -> Iterator[AttachedDictionary]:
        """Iterate over the dictionaries that are attached to an agent; the API returns them in one response.

        Args:
            agent_id: Agent id.

        Returns:
            An iterator of ``AttachedDictionary``.

        Raises:
            NotFoundError: unknown agent, or owned by another account.

        Retries: automatic.
        Documentation: Agents, List attached dictionaries.
        """
        for item in self.list(agent_id):
            yield item

    def replace(self, agent_id: str, dictionary_ids: Sequence[str]) -> Page[AttachedDictionary]:
        """Replace all dictionaries that are attached to an agent.

        Args:
            agent_id: Agent id.
            dictionary_ids: The complete new set; an empty list detaches all.

        Returns:
            A page of ``AttachedDictionary``.

        Raises:
            ValidationFailedError: a dictionary is unknown or owned by another account; the whole request
                fails (code documented, HTTP status inferred from the general error table).
            DictionaryCharLimitExceededError: the terms of the new set have more than 10,000 characters in
                total (code documented, HTTP status inferred).
            NotFoundError: unknown agent, or owned by another account.

        Retries: automatic.
        Documentation: Agents, Replace the agent's attached dictionaries.
        """
        return self._core.page(
            api.agents_dictionaries.replace.build(
                agent_id, body=models.AgentsDictionariesReplaceRequest(dictionary_ids=as_list(dictionary_ids))
            ),
            "dictionaries",
            models.AttachedDictionary.from_dict,
        )
