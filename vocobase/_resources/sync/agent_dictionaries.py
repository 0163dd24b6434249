# Derived from vocobase/_resources/aio/agent_dictionaries.py by scripts/derive_sync.py; edit that instead.
"""The speech-recognition dictionaries of an agent."""

from __future__ import annotations

from collections.abc import Sequence

from vocobase._base.values import as_list
from vocobase._policy.pages import Page
from vocobase._resources.sync.resource import Resource
from vocobase_raw.api.agents_dictionaries import list_ as agents_dictionaries_list
from vocobase_raw.api.agents_dictionaries import replace as agents_dictionaries_replace
from vocobase_raw.models.agents_dictionaries_replace_request import AgentsDictionariesReplaceRequest
from vocobase_raw.models.attached_dictionary import AttachedDictionary


class AgentDictionaries(Resource):
    """The speech-recognition dictionaries of an agent."""

    def list(self, agent_id: str) -> Page[AttachedDictionary]:
        """List every speech-recognition dictionary attached to an agent, in summary form.

        Args:
            agent_id: Agent id.

        Returns:
            A page of :class:`AttachedDictionary`.

        Raises:
            NotFoundError: no such agent, or it belongs to another account.

        Retries: automatic.
        Documentation: Agents, List attached dictionaries.
        """
        return self._core.page(
            agents_dictionaries_list.build(agent_id), "dictionaries", AttachedDictionary.from_dict
        )

    def replace(self, agent_id: str, dictionary_ids: Sequence[str]) -> Page[AttachedDictionary]:
        """Overwrite the whole set of dictionaries attached to an agent.

        Args:
            agent_id: Agent id.
            dictionary_ids: The complete new set; an empty array detaches everything.

        Returns:
            A page of :class:`AttachedDictionary`.

        Raises:
            ValidationFailedError: an id does not exist or is not owned by the caller; the whole request fails
                (code documented, HTTP status inferred from the general error table).
            DictionaryCharLimitExceededError: the terms of the resulting set have more than 10,000 characters
                in all (code documented, HTTP status inferred).
            NotFoundError: no such agent, or it belongs to another account.

        Retries: automatic.
        Documentation: Agents, Replace the agent's attached dictionaries.
        """
        return self._core.page(
            agents_dictionaries_replace.build(
                agent_id, body=AgentsDictionariesReplaceRequest(dictionary_ids=as_list(dictionary_ids))
            ),
            "dictionaries",
            AttachedDictionary.from_dict,
        )
