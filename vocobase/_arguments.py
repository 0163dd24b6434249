"""Types of arguments that several methods share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from vocobase_raw.models.extraction_config import ExtractionConfig
from vocobase_raw.models.extraction_config_input import ExtractionConfigInput


class AgentSettings(TypedDict, total=False):
    """What ``agents.ensure`` takes beside name, prompt, voice and direction; see ``agents.update``."""

    intro_message: str | None
    voicemail_detection_enabled: bool
    voicemail_message: str | None
    project_id: str | None
    enable_recording: bool
    kb_threshold: str | None
    kb_include_summaries: bool
    kb_result_format: str
    kb_enable_llm_processing: bool
    kb_llm_system_prompt: str
    variables: Sequence[str] | None
    extraction_config: ExtractionConfig | ExtractionConfigInput | Mapping[str, Any] | None
    end_call_enabled: bool
    end_call_message: str | None
    end_call_instructions: str | None
    transfer_enabled: bool
    transfer_number: str
    transfer_message: str | None
    transfer_instructions: str | None
    max_call_duration_secs: int | None
    background_audio_id: str
    background_audio_volume: float
