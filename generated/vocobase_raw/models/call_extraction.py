from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.extraction_run import ExtractionRun
from ..types import (
    Identified,
    Load,
    Model,
    Unset,
    load_model,
)


@define(kw_only=True, repr=False)
class CallExtraction(Identified, Model):
    """Payload of calls.extract.

    Attributes:
        call_id (str): Call identifier.
        session_id (str): Session identifier.
        dry_run (bool): Whether nothing was saved.
        extraction (ExtractionRun): Values and outcome; camelCase members inside.
    """

    call_id: str
    session_id: str
    dry_run: bool
    extraction: ExtractionRun
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("call_id", "call_id", None, None),
        ("session_id", "session_id", None, None),
        ("dry_run", "dry_run", None, None),
        ("extraction", "extraction", load_model(ExtractionRun), None),
    )

    _identifier: ClassVar[str] = "call_id"
