from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class AgentsCreateRequest(Model):
    """Request body of agents.create.

    Attributes:
        agent_name (str): Unique per partner. (maxLength 50)
        prompt (str): System prompt (personality and behaviour) (maxLength 120000)
        voice_id (str): An id from GET /agent/voices; language and gender come from that voice. Older
            documentation: a Cartesia voice id from the partner's allowed voices.
        agent_type (str): Call direction. Marked required in older documentation; newer documentation
            still describes the field but its required marker is not known, so clients should always send it.
            Known values: inbound, outbound.
        intro_message (str | Unset): Greeting spoken on connect. (maxLength 500)
        voicemail_detection_enabled (bool | Unset): Carrier-side voicemail detection on supported outbound
            providers; the account-level provider setting must be on as well.
        voicemail_message (None | str | Unset): Used after a supported carrier reports voicemail; null or
            empty string clears it. (maxLength 500)
        project_id (str | Unset): Owning project; the default project when left out.
        enable_recording (bool | Unset): Record the calls of this agent. (default False)
        kb_threshold (None | str | Unset): Knowledge-base relevance threshold. Known values: low, medium,
            high. (default medium)
        kb_include_summaries (bool | Unset): Add document summaries to knowledge-base results. (default
            False)
        kb_result_format (str | Unset): Template for knowledge-base results. (maxLength 2000)
        kb_enable_llm_processing (bool | Unset): Post-process knowledge-base results with an LLM. (default
            False)
        kb_llm_system_prompt (str | Unset): System prompt of that LLM step. (maxLength 120000)
        end_call_enabled (bool | Unset): Master toggle of the end-call tool; false stops the agent from
            hanging up whatever the instructions say; default not documented.
        end_call_message (None | str | Unset): Farewell line; null or empty falls back to the platform
            default. (maxLength 500)
        end_call_instructions (None | str | Unset): Free text that becomes a when-to-end section of the
            system prompt; null or empty leaves the section out. Limit known from agents.update. (maxLength
            2000)
        transfer_enabled (bool | Unset): Cold-transfer toggle. (default False)
        transfer_number (str | Unset): Required when transfer_enabled is true; limit from the call-
            transfer guide. E.164. (maxLength 32)
        transfer_message (str | Unset): Announcement before the transfer; platform default when empty.
            Limit known from agents.update. (maxLength 500)
        transfer_instructions (None | str | Unset): Plain-language transfer conditions; null or empty
            leaves the section out; limit from the call-transfer guide. (maxLength 2000)
        max_call_duration_secs (int | None | Unset): Cap on call length in seconds; null disables it;
            range from the call-duration guide. (minimum 60, maximum 3600, default 600)
        background_audio_id (str | Unset): Background-audio asset; how to detach it (null or another
            value) is not documented.
        background_audio_volume (float | Unset): Volume of the track; range and default not documented, 0
            to 1 with 0.5 in the middle is plausible.
    """

    agent_name: str
    prompt: str
    voice_id: str
    agent_type: str
    intro_message: str | Unset = UNSET
    voicemail_detection_enabled: bool | Unset = UNSET
    voicemail_message: None | str | Unset = UNSET
    project_id: str | Unset = UNSET
    enable_recording: bool | Unset = UNSET
    kb_threshold: None | str | Unset = UNSET
    kb_include_summaries: bool | Unset = UNSET
    kb_result_format: str | Unset = UNSET
    kb_enable_llm_processing: bool | Unset = UNSET
    kb_llm_system_prompt: str | Unset = UNSET
    end_call_enabled: bool | Unset = UNSET
    end_call_message: None | str | Unset = UNSET
    end_call_instructions: None | str | Unset = UNSET
    transfer_enabled: bool | Unset = UNSET
    transfer_number: str | Unset = UNSET
    transfer_message: str | Unset = UNSET
    transfer_instructions: None | str | Unset = UNSET
    max_call_duration_secs: int | None | Unset = UNSET
    background_audio_id: str | Unset = UNSET
    background_audio_volume: float | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("agent_name", "agent_name", None, None),
        ("prompt", "prompt", None, None),
        ("voice_id", "voice_id", None, None),
        ("agent_type", "agent_type", None, None),
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
