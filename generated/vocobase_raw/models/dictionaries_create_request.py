from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class DictionariesCreateRequest(Model):
    """Request body of dictionaries.create.

    Attributes:
        name (str): Unique per partner. (minLength 1, maxLength 100)
        description (None | str | Unset): Free text; a blank string becomes null. (maxLength 500)
        terms (list[str] | Unset): Terms that recognition is biased towards; normalized by the server.
            (default [])
    """

    name: str
    description: None | str | Unset = UNSET
    terms: list[str] | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, None),
        ("description", "description", None, UNSET),
        ("terms", "terms", None, UNSET),
    )
