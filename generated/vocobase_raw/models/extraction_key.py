from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.extraction_value_type import ExtractionValueType
from ..types import Load, Model, Unset, load_enum


@define(kw_only=True, repr=False)
class ExtractionKey(Model):
    """Found at ExtractionConfig.keys[].

    Attributes:
        name (str): Key of the value in the result.
        type_ (ExtractionValueType):
        description (str): What to look for.
    """

    name: str
    type_: ExtractionValueType
    description: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, None),
        ("type_", "type", load_enum(ExtractionValueType), None),
        ("description", "description", None, None),
    )
