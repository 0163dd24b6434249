"""Reprs without personal data, for dataclasses about people."""

from __future__ import annotations

from dataclasses import fields
from types import MappingProxyType
from typing import Any, Final, cast

from vocobase_raw.display import MASK, clipped, redact
from vocobase_raw.types import show

# Metadata of a field that is about a person though its name does not say so.
PERSONAL: Final = MappingProxyType({"personal": True})


def redacted(text: str) -> str:
    """Return a text for a message, in which phone numbers and keys are masked: messages reach logs."""
    return redact("", text)


class MaskedRepr:
    """Base of dataclasses with ``repr=False``; they show their members as the models of the API do.

    Phone numbers, keys, variables and words of conversations are masked, and so are fields with the metadata
    ``PERSONAL``. Whatever is None is left out, and so are fields that have ``repr=False``.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        values = [(each, getattr(self, each.name)) for each in fields(cast("Any", self)) if each.repr]
        shown = ", ".join(
            f"{each.name}={(MASK if 'personal' in each.metadata else show(each.name, value))!r}"
            for each, value in values
            if value is not None
        )
        return f"{type(self).__name__}({clipped(shown)})"
