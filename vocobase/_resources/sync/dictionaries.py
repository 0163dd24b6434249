# Derived from vocobase/_resources/aio/dictionaries.py by scripts/derive_sync.py; edit that instead.
"""Term lists that bias speech recognition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from vocobase._base.values import OMIT, Omit, as_list
from vocobase._policy.limits import check_members
from vocobase._policy.pages import Page
from vocobase._resources.ensured import EnsuredDictionary
from vocobase._resources.sync.ensuring import ensure
from vocobase._resources.sync.resource import Resource
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import Confirmation, Dictionary, DictionarySummary


class Dictionaries(Resource):
    """Term lists that bias speech recognition."""

    def create(
        self, name: str, *, description: str | Omit | None = OMIT, terms: Sequence[str] | Omit = OMIT
    ) -> Dictionary:
        """Create a dictionary: a reusable list of speech-recognition terms, independent of any agent.

        Args:
            name: Name, unique per partner (1 to 100 characters).
            description: Free text; a blank string becomes null (at most 500 characters).
            terms: Terms that speech recognition prefers; normalized by the server.

        Returns:
            The ``Dictionary``.

        Raises:
            ConflictError: another dictionary of the partner has this name.
            OutcomeUnknownError: no response; check with ``dictionaries.list`` (names are unique) before you
                create it again.

        Retries: only if the API certainly did not process the request.
        Documentation: Dictionaries, Create a dictionary.
        """
        return self._core.call(
            api.dictionaries.create.build(
                body=models.DictionariesCreateRequest(
                    name=name, description=description, terms=as_list(terms)
                )
            ),
            api.dictionaries.create.parse,
        )

    def list(self) -> Page[DictionarySummary]:
        """Return a summary of every dictionary of the partner, newest first.

        Returns:
            A page of ``DictionarySummary``.

        Retries: automatic.
        Documentation: Dictionaries, List dictionaries.
        """
        return self._core.page(
            api.dictionaries.list_.build(), "dictionaries", models.DictionarySummary.from_dict
        )

    def iter(self) -> Iterator[DictionarySummary]:
        """Iterate over all dictionaries, newest first; the API returns them in one response.

        Returns:
            An iterator of ``DictionarySummary``.

        Retries: automatic.
        Documentation: Dictionaries, List dictionaries.
        """
        for dictionary in self.list():
            yield dictionary

    def ensure(
        self, name: str, *, description: str | Omit | None = OMIT, terms: Sequence[str] | Omit = OMIT
    ) -> EnsuredDictionary:
        """Create the dictionary of this name, or update it if it differs.

        Args:
            name: Name, unique per partner (1 to 100 characters).
            description: Free text; a blank string becomes null (at most 500 characters).
            terms: All terms that it must have; normalized by the server.

        Returns:
            The ``Dictionary`` as it is now; its ``change`` is ``created``, ``changed`` or ``unchanged``.

        Raises:
            DictionaryCharLimitExceededError: the terms of an agent with this dictionary would have more than
                10,000 characters in total.
            InvalidArgumentError: an argument is of the wrong type or beyond a limit; nothing was sent.

        Retries: automatic; after an error, call it again: the result is the same.
        Documentation: Dictionaries, Create a dictionary and Update a dictionary.
        """
        body = models.DictionariesCreateRequest(name=name, description=description, terms=as_list(terms))
        check_members("dictionaries.ensure", body.to_dict(), limits_of="dictionaries.create")

        def find() -> Dictionary | None:
            for summary in self.iter():
                if summary.name == name:
                    return self.get(summary.id)
            return None

        return ensure(
            EnsuredDictionary,
            body.to_dict(),
            find=find,
            create=lambda: self.create(name, description=description, terms=terms),
            update=lambda found: self.update(found.id, description=description, terms=terms),
        )

    def get(self, dictionary_id: str) -> Dictionary:
        """Return one dictionary with its terms.

        Args:
            dictionary_id: Dictionary id.

        Returns:
            The ``Dictionary``.

        Raises:
            NotFoundError: unknown dictionary, or owned by another account.

        Retries: automatic.
        Documentation: Dictionaries, Get a dictionary.
        """
        return self._core.call(api.dictionaries.get.build(dictionary_id), api.dictionaries.get.parse)

    def update(
        self,
        dictionary_id: str,
        *,
        name: str | Omit = OMIT,
        description: str | Omit | None = OMIT,
        terms: Sequence[str] | Omit = OMIT,
    ) -> Dictionary:
        """Change the name, the description or all terms of a dictionary.

        Args:
            dictionary_id: Dictionary id.
            name: New name; limits from create (1 to 100 characters).
            description: New description; limits from create (at most 500 characters).
            terms: Replaces all terms; single terms cannot be added or removed.

        Returns:
            The ``Dictionary``.

        Raises:
            DictionaryCharLimitExceededError: the terms of an agent with this dictionary would have more than
                10,000 characters in total (code documented, HTTP status inferred).
            NotFoundError: unknown dictionary.
            ConflictError: another dictionary has the new name.

        Retries: automatic.
        Documentation: Dictionaries, Update a dictionary.
        """
        return self._core.call(
            api.dictionaries.update.build(
                dictionary_id,
                body=models.DictionariesUpdateRequest(
                    name=name, description=description, terms=as_list(terms)
                ),
            ),
            api.dictionaries.update.parse,
        )

    def delete(self, dictionary_id: str) -> Confirmation:
        """Delete a dictionary permanently and detach it from every agent.

        Args:
            dictionary_id: Dictionary id.

        Returns:
            The ``Confirmation``.

        Raises:
            NotFoundError: unknown dictionary.

        Retries: automatic.
        Documentation: Dictionaries, Delete a dictionary.
        """
        return self._core.call(api.dictionaries.delete.build(dictionary_id), api.dictionaries.delete.parse)
