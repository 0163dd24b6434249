from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..models.extraction_status import ExtractionStatus
from ..models.json_object import JsonObject
from ..types import Load, Model, Unset, load_enum


@define(kw_only=True, repr=False)
class Extraction(Model):
    """Extraction result is readable here; absent when the agent has no extraction_config.

    Attributes:
        status (ExtractionStatus):
        values (JsonObject): Any JSON object.
    """

    status: ExtractionStatus
    values: JsonObject
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("status", "status", load_enum(ExtractionStatus), None),
        ("values", "values", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
