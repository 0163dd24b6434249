from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.extraction_status import ExtractionStatus
from ..models.json_object import JsonObject
from ..typed_values import Extracted
from ..types import Load, Model, Unset, load_enum


@define(kw_only=True, repr=False)
class Extraction(Extracted, Model):
    """Extraction result is readable here; absent when the agent has no extraction_config.

    Attributes:
        status (ExtractionStatus):
        values (JsonObject): Any JSON object.
    """

    status: ExtractionStatus
    values: JsonObject
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("status", "status", load_enum(ExtractionStatus), None),
        ("values", "values", None, None),
    )
