# Derived from vocobase/_resources/aio/voices.py by scripts/derive_sync.py; edit that instead.
"""The voice catalog."""

from __future__ import annotations

from vocobase._base.arguments import check_text
from vocobase._policy.pages import Page
from vocobase._policy.voices import first_voice
from vocobase._resources.sync.resource import Resource
from vocobase_raw.api.voices import list_ as voices_list
from vocobase_raw.models.voice import Voice


class Voices(Resource):
    """The voice catalog."""

    def list(self) -> Page[Voice]:
        """Return the voice catalog, whose ids are the valid values of voice_id of an agent.

        Returns:
            A page of :class:`Voice`.

        Retries: automatic.
        Documentation: Voices, List available voices.
        """
        return self._core.page(voices_list.build(), "voices", Voice.from_dict)

    def find(
        self, *, language: str | None = None, gender: str | None = None, tier: str | None = None
    ) -> Voice:
        """Return the first voice of the catalog that fits.

        Args:
            language: Language code; a more special code fits too (``en`` fits ``en-IN``).
            gender: Gender, compared without regard to case.
            tier: Price tier, such as ``va-1``.

        Returns:
            The :class:`Voice`.

        Raises:
            LookupFailedError: no voice fits; the message says what there is.
            InvalidArgumentError: a wish is no string; nothing was sent.

        Retries: automatic.
        Documentation: Voices, List available voices.
        """
        wishes = {"language": language, "gender": gender, "tier": tier}
        check_text("voices.find", **{name: wish for name, wish in wishes.items() if wish is not None})
        return first_voice(self.list(), **wishes)
