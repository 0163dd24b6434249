# Derived from vocobase/_resources/aio/voices.py by scripts/derive_sync.py; edit that instead.
"""The voice catalog."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vocobase._base.arguments import check_text
from vocobase._policy.pages import Page
from vocobase._policy.voices import first_voice
from vocobase._resources.sync.resource import Resource
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import Voice


class Voices(Resource):
    """The voice catalog."""

    def list(self) -> Page[Voice]:
        """Return the voice catalog; its ids are the valid values of an agent's voice_id.

        Returns:
            A page of ``Voice``.

        Retries: automatic.
        Documentation: Voices, List available voices.
        """
        return self._core.page(api.voices.list_.build(), "voices", models.Voice.from_dict)

    def iter(self) -> Iterator[Voice]:
        """Iterate over the voice catalog; the API returns them in one response.

        Returns:
            An iterator of ``Voice``.

        Retries: automatic.
        Documentation: Voices, List available voices.
        """
        for item in self.list():
            yield item

    def find(
        self, *, language: str | None = None, gender: str | None = None, tier: str | None = None
    ) -> Voice:
        """Return the first voice of the catalog that matches.

        Args:
            language: Language code; more specific codes match too (``en`` matches ``en-IN``).
            gender: Gender, in any case.
            tier: Price tier, such as ``va-1``.

        Returns:
            The ``Voice``.

        Raises:
            LookupFailedError: no voice matches; the message lists the values of the catalog.
            InvalidArgumentError: a criterion is not a string; nothing was sent.

        Retries: automatic.
        Documentation: Voices, List available voices.
        """
        criteria = {"language": language, "gender": gender, "tier": tier}
        check_text("voices.find", **{name: value for name, value in criteria.items() if value is not None})
        return first_voice(self.list(), **criteria)
