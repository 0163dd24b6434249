from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class ExtractionKeyInput(Model):
    """Found at ExtractionConfigInput.keys[].

    Attributes:
        name (str | Unset): Key of the value in the result.
        type_ (str | Unset): Complete list of value types. Known values: string, number, integer, boolean,
            array, date, datetime. (default string)
        description (str | Unset): What to look for.
    """

    name: str | Unset = UNSET
    type_: str | Unset = UNSET
    description: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, UNSET),
        ("type_", "type", None, UNSET),
        ("description", "description", None, UNSET),
    )
