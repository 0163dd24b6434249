"""Reprs without personal data, for dataclasses about people."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, cast

from vocobase_raw.display import clipped, without_number
from vocobase_raw.types import show


def without_numbers(text: str) -> str:
    """Return a text for a message, in which phone numbers are masked: messages reach logs."""
    return without_number("", text)


class MaskedRepr:
    """Base of dataclasses with ``repr=False``; they show their members as the models of the API do.

    Phone numbers, variables and words of conversations are masked, whatever is None is left out, and so are
    fields that have ``repr=False``.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        values = [(each.name, getattr(self, each.name)) for each in fields(cast("Any", self)) if each.repr]
        shown = ", ".join(f"{name}={show(name, value)!r}" for name, value in values if value is not None)
        return f"{type(self).__name__}({clipped(shown)})"
