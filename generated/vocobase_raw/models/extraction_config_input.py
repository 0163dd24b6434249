from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.extraction_key_input import ExtractionKeyInput
from ..types import UNSET, Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class ExtractionConfigInput(Model):
    """Post-call extraction (Custom Analysis) over the transcript of each completed call; null turns it off.

    Attributes:
        prompt (str | Unset): Instruction for the extractor.
        keys (list[ExtractionKeyInput] | Unset): Values to extract.
        include_tool_logs (bool | Unset): CamelCase inside a snake_case body. (default False)
    """

    prompt: str | Unset = UNSET
    keys: list[ExtractionKeyInput] | Unset = UNSET
    include_tool_logs: bool | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("prompt", "prompt", None, UNSET),
        ("keys", "keys", load_list(load_model(ExtractionKeyInput)), UNSET),
        ("include_tool_logs", "includeToolLogs", None, UNSET),
    )
