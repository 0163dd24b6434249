from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..models.extraction_status import ExtractionStatus
from ..models.json_object import JsonObject
from ..typed_values import Extracted
from ..types import Load, Model, Unset, load_datetime, load_enum


@define(kw_only=True, repr=False)
class ExtractionRun(Extracted, Model):
    """Values and outcome; camelCase members inside.

    Attributes:
        status (ExtractionStatus):
        model (str): Model that did the extraction.
        extracted_at (datetime.datetime): CamelCase.
        latency_ms (int): CamelCase.
        attempts (int): Number of attempts.
        values (JsonObject): Any JSON object.
        error (None | str): Likely null or absent on success.
    """

    status: ExtractionStatus
    model: str
    extracted_at: datetime.datetime
    latency_ms: int
    attempts: int
    values: JsonObject
    error: None | str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("status", "status", load_enum(ExtractionStatus), None),
        ("model", "model", None, None),
        ("extracted_at", "extractedAt", load_datetime, None),
        ("latency_ms", "latencyMs", None, None),
        ("attempts", "attempts", None, None),
        ("values", "values", None, None),
        ("error", "error", None, None),
    )
