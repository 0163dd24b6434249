from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class DictionariesUpdateRequest(Model):
    """Request body of dictionaries.update. At least one field is required (inferred).

    Attributes:
        name (str | Unset): Limits from create. (minLength 1, maxLength 100)
        description (None | str | Unset): Limits from create. (maxLength 500)
        terms (list[str] | Unset): Replaces the whole list; there is no incremental add or remove.
    """

    name: str | Unset = UNSET
    description: None | str | Unset = UNSET
    terms: list[str] | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, UNSET),
        ("description", "description", None, UNSET),
        ("terms", "terms", None, UNSET),
    )
