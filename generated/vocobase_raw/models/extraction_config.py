from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.extraction_key import ExtractionKey
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class ExtractionConfig(Model):
    """Post-call extraction (Custom Analysis); null when off.

    Attributes:
        prompt (str): Instruction for the extractor.
        keys (list[ExtractionKey]): Values to extract.
        include_tool_logs (bool): CamelCase inside a snake_case object; meaning inferred from the name:
            tool logs are passed to the extractor. (default False)
    """

    prompt: str
    keys: list[ExtractionKey]
    include_tool_logs: bool
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("prompt", "prompt", None, None),
        ("keys", "keys", load_list(load_model(ExtractionKey)), None),
        ("include_tool_logs", "includeToolLogs", None, None),
    )
