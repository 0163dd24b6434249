"""Choose a voice from the catalog: pure."""

from __future__ import annotations

from collections.abc import Iterable

from vocobase._base.errors import LookupFailedError
from vocobase_raw.models.voice import Voice


def first_voice(
    voices: Iterable[Voice], *, language: str | None, gender: str | None, tier: str | None
) -> Voice:
    """Return the first voice that matches.

    Raises:
        LookupFailedError: none matches; the message lists the values that exist.
    """
    catalog = list(voices)
    wanted = {"language": language, "gender": gender, "tier": tier}
    wishes = {name: value.lower().replace("_", "-") for name, value in wanted.items() if value is not None}
    for voice in catalog:
        if all(_fits(name, wish, getattr(voice, name)) for name, wish in wishes.items()):
            return voice
    asked = ", ".join(f"{name}={wish!r}" for name, wish in wishes.items()) or "any voice"
    there = "; ".join(f"{name}: {_values(catalog, name)}" for name in wishes)
    raise LookupFailedError(
        f"voices.find: no voice for {asked}"
        + (f" (there is {there})." if catalog else "; the catalog is empty.")
    )


def _fits(name: str, wish: str, found: object) -> bool:
    value = str(found or "").lower().replace("_", "-")
    return value == wish or (name == "language" and value.startswith(wish + "-"))


def _values(catalog: Iterable[Voice], name: str) -> str:
    return ", ".join(sorted({str(getattr(voice, name) or "none") for voice in catalog}))
