"""The optional settings of requests that have many, as typed dictionaries.

Generated from openapi.json.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from .models import ExtractionConfig, ExtractionConfigInput
from .types import Unset


class AgentCreateSettings(TypedDict, total=False):
    """Settings of agents.create, each of them optional.

    Attributes:
        intro_message: Greeting spoken on connect (at most 500 characters).
        voicemail_detection_enabled: Carrier-side voicemail detection on supported outbound providers; the
            account-level provider setting must be on as well.
        voicemail_message: Used after a supported carrier reports voicemail; null or empty string clears it
            (at most 500 characters).
        project_id: Owning project; the default project when left out.
        enable_recording: Record the calls of this agent (default false).
        kb_threshold: Knowledge-base relevance threshold (one of low, medium, high; default medium).
        kb_include_summaries: Add document summaries to knowledge-base results (default false).
        kb_result_format: Template for knowledge-base results (at most 2,000 characters).
        kb_enable_llm_processing: Post-process knowledge-base results with an LLM (default false).
        kb_llm_system_prompt: System prompt of that LLM step (at most 120,000 characters).
        end_call_enabled: Master toggle of the end-call tool; false stops the agent from hanging up whatever
            the instructions say; default not documented.
        end_call_message: Farewell line; null or empty falls back to the platform default (at most 500
            characters).
        end_call_instructions: Free text that becomes a when-to-end section of the system prompt; null or
            empty leaves the section out. Limit known from agents.update (at most 2,000 characters).
        transfer_enabled: Cold-transfer toggle (default false).
        transfer_number: Required when transfer_enabled is true; limit from the call-transfer guide. E.164 (at
            most 32 characters).
        transfer_message: Announcement before the transfer; platform default when empty. Limit known from
            agents.update (at most 500 characters).
        transfer_instructions: Plain-language transfer conditions; null or empty leaves the section out; limit
            from the call-transfer guide (at most 2,000 characters).
        max_call_duration_secs: Cap on call length in seconds; null disables it; range from the call-duration
            guide (60 to 3,600; default 600).
        background_audio_id: Background-audio asset; how to detach it (null or another value) is not
            documented.
        background_audio_volume: Volume of the track; range and default not documented, 0 to 1 with 0.5 in the
            middle is plausible.
    """

    intro_message: str | Unset
    voicemail_detection_enabled: bool | Unset
    voicemail_message: str | None | Unset
    project_id: str | Unset
    enable_recording: bool | Unset
    kb_threshold: str | None | Unset
    kb_include_summaries: bool | Unset
    kb_result_format: str | Unset
    kb_enable_llm_processing: bool | Unset
    kb_llm_system_prompt: str | Unset
    end_call_enabled: bool | Unset
    end_call_message: str | None | Unset
    end_call_instructions: str | None | Unset
    transfer_enabled: bool | Unset
    transfer_number: str | Unset
    transfer_message: str | Unset
    transfer_instructions: str | None | Unset
    max_call_duration_secs: int | None | Unset
    background_audio_id: str | Unset
    background_audio_volume: float | Unset


class AgentSettings(TypedDict, total=False):
    """Settings of agents.update, each of them optional.

    Attributes:
        intro_message: Greeting spoken on connect; null or empty string removes it (at most 500 characters).
        voicemail_detection_enabled: Carrier-side voicemail detection on supported outbound providers; the
            account-level provider setting must be on as well.
        voicemail_message: Used after a supported carrier reports voicemail; null or empty string clears it
            (at most 500 characters).
        project_id: Moves the agent to another project; effect of null not documented.
        enable_recording: Record the calls of this agent.
        kb_threshold: Knowledge-base relevance threshold; null resets it to medium (one of low, medium, high).
        kb_include_summaries: Add document summaries to knowledge-base results.
        kb_result_format: Template for knowledge-base results (at most 2,000 characters).
        kb_enable_llm_processing: Post-process knowledge-base results with an LLM.
        kb_llm_system_prompt: System prompt of that LLM step (at most 120,000 characters).
        variables: Names usable as {{name}} in prompt and greeting; values come with calls.start or
            sessions.start_webrtc; null clears the list (at most 100 entries; pattern
            ^[a-zA-Z_][a-zA-Z0-9_]*$).
        extraction_config: Post-call extraction (Custom Analysis) over the transcript of each completed call;
            null turns it off.
        end_call_enabled: Master toggle of the end-call tool; false stops the agent from hanging up whatever
            the instructions say; default not documented.
        end_call_message: Farewell line; null or empty falls back to the platform default (at most 500
            characters).
        end_call_instructions: Free text that becomes a when-to-end section of the system prompt; null or
            empty leaves the section out (at most 2,000 characters).
        transfer_enabled: Cold-transfer toggle; false clears the transfer settings.
        transfer_number: Required when transfer_enabled is true; limit from the call-transfer guide. E.164 (at
            most 32 characters).
        transfer_message: Announcement before the transfer; null or empty falls back to the platform default
            (at most 500 characters).
        transfer_instructions: Plain-language transfer conditions; null or empty leaves the section out; limit
            from the call-transfer guide (at most 2,000 characters).
        max_call_duration_secs: Cap on call length in seconds; null disables it; range from the call-duration
            guide (60 to 3,600).
        background_audio_id: Background-audio asset; how to detach it (null or another value) is not
            documented.
        background_audio_volume: Volume of the track; range and default not documented, 0 to 1 with 0.5 in the
            middle is plausible.
    """

    intro_message: str | None | Unset
    voicemail_detection_enabled: bool | Unset
    voicemail_message: str | None | Unset
    project_id: str | None | Unset
    enable_recording: bool | Unset
    kb_threshold: str | None | Unset
    kb_include_summaries: bool | Unset
    kb_result_format: str | Unset
    kb_enable_llm_processing: bool | Unset
    kb_llm_system_prompt: str | Unset
    variables: Sequence[str] | None | Unset
    extraction_config: ExtractionConfigInput | ExtractionConfig | Mapping[str, Any] | None | Unset
    end_call_enabled: bool | Unset
    end_call_message: str | None | Unset
    end_call_instructions: str | None | Unset
    transfer_enabled: bool | Unset
    transfer_number: str | Unset
    transfer_message: str | None | Unset
    transfer_instructions: str | None | Unset
    max_call_duration_secs: int | None | Unset
    background_audio_id: str | Unset
    background_audio_volume: float | Unset
