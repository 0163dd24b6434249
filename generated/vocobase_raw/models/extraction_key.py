from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

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
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, None),
        ("type_", "type", load_enum(ExtractionValueType), None),
        ("description", "description", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
