from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..models.agent_status import AgentStatus
from ..models.agent_type import AgentType
from ..models.extraction_config import ExtractionConfig
from ..models.kb_threshold import KbThreshold
from ..types import Load, Model, Unset, load_datetime, load_enum, load_model


@define(kw_only=True, repr=False)
class Agent(Model):
    """Payload of agents.create, agents.get, agents.update.

    Attributes:
        id (str): Agent id.
        agent_name (str): Unique within the partner.
        prompt (str): System prompt.
        voice_id (str): Chosen voice; an id of the voice catalog.
        language (str): Language code; derived from the voice in the newer API, so a response-only field
            there.
        agent_type (AgentType):
        intro_message (None | str): Greeting spoken on connect.
        voicemail_detection_enabled (bool | None): Carrier-side voicemail detection.
        voicemail_message (None | str): Used after the carrier reports voicemail.
        enable_recording (bool): Calls of this agent are recorded.
        kb_threshold (KbThreshold | None): Knowledge-base relevance threshold; shown in older response
            documentation only, newer request documentation still has it.
        kb_include_summaries (bool): Document summaries are added to knowledge-base results.
        kb_result_format (str): Template for knowledge-base results.
        kb_enable_llm_processing (bool): Knowledge-base results are post-processed by an LLM.
        kb_llm_system_prompt (str): System prompt of that LLM step.
        variables (list[str] | None): Declared pre-call variable names.
        extraction_config (ExtractionConfig | None): Post-call extraction (Custom Analysis); null when
            off.
        project_id (str): Owning project; the projects pages treat project ids as plain strings, so do not
            validate the format.
        transfer_enabled (bool): Cold-transfer toggle, camelCase in responses.
        transfer_number (str): Transfer destination, camelCase in responses. E.164.
        transfer_message (str): Announcement before the transfer, camelCase in responses.
        transfer_instructions (None | str): Plain-language transfer conditions, snake_case.
        end_call_enabled (bool): End-call toggle, camelCase in responses.
        end_call_message (str): Farewell line, camelCase in responses.
        end_call_instructions (None | str): Plain-language conditions for ending the call, snake_case.
        max_call_duration_secs (int | None): Cap on call length in seconds; null means no cap. (minimum
            60, maximum 3600)
        background_audio_id (None | str): Background-audio asset mixed under the voice; empty when
            detached.
        background_audio_volume (float): Volume of that track; range not documented, 0 to 1 is plausible.
        document_count (int): Number of linked documents.
        status (AgentStatus):
        created_at (datetime.datetime): Time of creation.
        updated_at (datetime.datetime): Time of the last change.
    """

    id: str
    agent_name: str
    prompt: str
    voice_id: str
    language: str
    agent_type: AgentType
    intro_message: None | str
    voicemail_detection_enabled: bool | None
    voicemail_message: None | str
    enable_recording: bool
    kb_threshold: KbThreshold | None
    kb_include_summaries: bool
    kb_result_format: str
    kb_enable_llm_processing: bool
    kb_llm_system_prompt: str
    variables: list[str] | None
    extraction_config: ExtractionConfig | None
    project_id: str
    transfer_enabled: bool
    transfer_number: str
    transfer_message: str
    transfer_instructions: None | str
    end_call_enabled: bool
    end_call_message: str
    end_call_instructions: None | str
    max_call_duration_secs: int | None
    background_audio_id: None | str
    background_audio_volume: float
    document_count: int
    status: AgentStatus
    created_at: datetime.datetime
    updated_at: datetime.datetime
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("agent_name", "agent_name", None, None),
        ("prompt", "prompt", None, None),
        ("voice_id", "voice_id", None, None),
        ("language", "language", None, None),
        ("agent_type", "agent_type", load_enum(AgentType), None),
        ("intro_message", "intro_message", None, None),
        ("voicemail_detection_enabled", "voicemail_detection_enabled", None, None),
        ("voicemail_message", "voicemail_message", None, None),
        ("enable_recording", "enable_recording", None, None),
        ("kb_threshold", "kb_threshold", load_enum(KbThreshold), None),
        ("kb_include_summaries", "kb_include_summaries", None, None),
        ("kb_result_format", "kb_result_format", None, None),
        ("kb_enable_llm_processing", "kb_enable_llm_processing", None, None),
        ("kb_llm_system_prompt", "kb_llm_system_prompt", None, None),
        ("variables", "variables", None, None),
        ("extraction_config", "extraction_config", load_model(ExtractionConfig), None),
        ("project_id", "project_id", None, None),
        ("transfer_enabled", "transferEnabled", None, None),
        ("transfer_number", "transferNumber", None, None),
        ("transfer_message", "transferMessage", None, None),
        ("transfer_instructions", "transfer_instructions", None, None),
        ("end_call_enabled", "endCallEnabled", None, None),
        ("end_call_message", "endCallMessage", None, None),
        ("end_call_instructions", "end_call_instructions", None, None),
        ("max_call_duration_secs", "max_call_duration_secs", None, None),
        ("background_audio_id", "background_audio_id", None, None),
        ("background_audio_volume", "background_audio_volume", None, None),
        ("document_count", "document_count", None, None),
        ("status", "status", load_enum(AgentStatus), None),
        ("created_at", "created_at", load_datetime, None),
        ("updated_at", "updated_at", load_datetime, None),
    )
