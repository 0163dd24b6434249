from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.extraction_config_input import ExtractionConfigInput
from ..types import UNSET, Load, Model, Unset, load_model


@define(kw_only=True, repr=False)
class AgentsUpdateRequest(Model):
    """Request body of agents.update. At least one field is required.

    Attributes:
        agent_name (str | Unset): Unique per partner. (maxLength 50)
        prompt (str | Unset): System prompt (personality and behaviour) (maxLength 120000)
        voice_id (str | Unset): An id from GET /agent/voices; language and gender follow the new voice.
            The uuid format is marked on this operation only, so treat the value as opaque.
        agent_type (str | Unset): Call direction. Known values: inbound, outbound.
        intro_message (None | str | Unset): Greeting spoken on connect; null or empty string removes it.
            (maxLength 500)
        voicemail_detection_enabled (bool | Unset): Carrier-side voicemail detection on supported outbound
            providers; the account-level provider setting must be on as well.
        voicemail_message (None | str | Unset): Used after a supported carrier reports voicemail; null or
            empty string clears it. (maxLength 500)
        project_id (None | str | Unset): Moves the agent to another project; effect of null not
            documented.
        enable_recording (bool | Unset): Record the calls of this agent.
        kb_threshold (None | str | Unset): Knowledge-base relevance threshold; null resets it to medium.
            Known values: low, medium, high.
        kb_include_summaries (bool | Unset): Add document summaries to knowledge-base results.
        kb_result_format (str | Unset): Template for knowledge-base results. (maxLength 2000)
        kb_enable_llm_processing (bool | Unset): Post-process knowledge-base results with an LLM.
        kb_llm_system_prompt (str | Unset): System prompt of that LLM step. (maxLength 120000)
        variables (list[str] | None | Unset): Names usable as {{name}} in prompt and greeting; values come
            with calls.start or sessions.start_webrtc; null clears the list. (maxItems 100)
        extraction_config (ExtractionConfigInput | None | Unset): Post-call extraction (Custom Analysis)
            over the transcript of each completed call; null turns it off.
        end_call_enabled (bool | Unset): Master toggle of the end-call tool; false stops the agent from
            hanging up whatever the instructions say; default not documented.
        end_call_message (None | str | Unset): Farewell line; null or empty falls back to the platform
            default. (maxLength 500)
        end_call_instructions (None | str | Unset): Free text that becomes a when-to-end section of the
            system prompt; null or empty leaves the section out. (maxLength 2000)
        transfer_enabled (bool | Unset): Cold-transfer toggle; false clears the transfer settings.
        transfer_number (str | Unset): Required when transfer_enabled is true; limit from the call-
            transfer guide. E.164. (maxLength 32)
        transfer_message (None | str | Unset): Announcement before the transfer; null or empty falls back
            to the platform default. (maxLength 500)
        transfer_instructions (None | str | Unset): Plain-language transfer conditions; null or empty
            leaves the section out; limit from the call-transfer guide. (maxLength 2000)
        max_call_duration_secs (int | None | Unset): Cap on call length in seconds; null disables it;
            range from the call-duration guide. (minimum 60, maximum 3600)
        background_audio_id (str | Unset): Background-audio asset; how to detach it (null or another
            value) is not documented.
        background_audio_volume (float | Unset): Volume of the track; range and default not documented, 0
            to 1 with 0.5 in the middle is plausible.
    """

    agent_name: str | Unset = UNSET
    prompt: str | Unset = UNSET
    voice_id: str | Unset = UNSET
    agent_type: str | Unset = UNSET
    intro_message: None | str | Unset = UNSET
    voicemail_detection_enabled: bool | Unset = UNSET
    voicemail_message: None | str | Unset = UNSET
    project_id: None | str | Unset = UNSET
    enable_recording: bool | Unset = UNSET
    kb_threshold: None | str | Unset = UNSET
    kb_include_summaries: bool | Unset = UNSET
    kb_result_format: str | Unset = UNSET
    kb_enable_llm_processing: bool | Unset = UNSET
    kb_llm_system_prompt: str | Unset = UNSET
    variables: list[str] | None | Unset = UNSET
    extraction_config: ExtractionConfigInput | None | Unset = UNSET
    end_call_enabled: bool | Unset = UNSET
    end_call_message: None | str | Unset = UNSET
    end_call_instructions: None | str | Unset = UNSET
    transfer_enabled: bool | Unset = UNSET
    transfer_number: str | Unset = UNSET
    transfer_message: None | str | Unset = UNSET
    transfer_instructions: None | str | Unset = UNSET
    max_call_duration_secs: int | None | Unset = UNSET
    background_audio_id: str | Unset = UNSET
    background_audio_volume: float | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("agent_name", "agent_name", None, UNSET),
        ("prompt", "prompt", None, UNSET),
        ("voice_id", "voice_id", None, UNSET),
        ("agent_type", "agent_type", None, UNSET),
        ("intro_message", "intro_message", None, UNSET),
        ("voicemail_detection_enabled", "voicemail_detection_enabled", None, UNSET),
        ("voicemail_message", "voicemail_message", None, UNSET),
        ("project_id", "project_id", None, UNSET),
        ("enable_recording", "enable_recording", None, UNSET),
        ("kb_threshold", "kb_threshold", None, UNSET),
        ("kb_include_summaries", "kb_include_summaries", None, UNSET),
        ("kb_result_format", "kb_result_format", None, UNSET),
        ("kb_enable_llm_processing", "kb_enable_llm_processing", None, UNSET),
        ("kb_llm_system_prompt", "kb_llm_system_prompt", None, UNSET),
        ("variables", "variables", None, UNSET),
        ("extraction_config", "extraction_config", load_model(ExtractionConfigInput), UNSET),
        ("end_call_enabled", "end_call_enabled", None, UNSET),
        ("end_call_message", "end_call_message", None, UNSET),
        ("end_call_instructions", "end_call_instructions", None, UNSET),
        ("transfer_enabled", "transfer_enabled", None, UNSET),
        ("transfer_number", "transfer_number", None, UNSET),
        ("transfer_message", "transfer_message", None, UNSET),
        ("transfer_instructions", "transfer_instructions", None, UNSET),
        ("max_call_duration_secs", "max_call_duration_secs", None, UNSET),
        ("background_audio_id", "background_audio_id", None, UNSET),
        ("background_audio_volume", "background_audio_volume", None, UNSET),
    )
