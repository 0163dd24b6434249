from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..models.extraction import Extraction
from ..models.json_object import JsonObject
from ..models.session_status import SessionStatus
from ..models.transcript_turn import TranscriptTurn
from ..types import (
    Identified,
    Load,
    Model,
    Transcript,
    Unset,
    load_datetime,
    load_enum,
    load_model,
    load_transcript,
)


@define(kw_only=True, repr=False)
class Session(Identified, Model):
    """Payload of sessions.get.

    Attributes:
        session_id (str): Session identifier.
        agent_id (str): Agent identifier.
        agent_name (str): Name of the agent.
        status (SessionStatus):
        duration_seconds (int): Length in seconds.
        credits_used (float): Amount charged; a rupee amount since May 2026.
        transcript (list[TranscriptTurn]): Turns in order.
        recording_url (None | str): Presigned again on every call, valid 7 days; null without recording.
        variables (JsonObject): Any JSON object.
        extraction (Extraction | None): The extraction result is among the members; inner members as in
            the webhook.
        started_at (datetime.datetime): Start time.
        ended_at (datetime.datetime | None): Likely null while the session runs.
    """

    session_id: str
    agent_id: str
    agent_name: str
    status: SessionStatus
    duration_seconds: int
    credits_used: float
    transcript: Transcript[TranscriptTurn]
    recording_url: None | str
    variables: JsonObject
    extraction: Extraction | None
    started_at: datetime.datetime
    ended_at: datetime.datetime | None
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("session_id", "session_id", None, None),
        ("agent_id", "agent_id", None, None),
        ("agent_name", "agent_name", None, None),
        ("status", "status", load_enum(SessionStatus), None),
        ("duration_seconds", "duration_seconds", None, None),
        ("credits_used", "credits_used", None, None),
        ("transcript", "transcript", load_transcript(load_model(TranscriptTurn)), None),
        ("recording_url", "recording_url", None, None),
        ("variables", "variables", None, None),
        ("extraction", "extraction", load_model(Extraction), None),
        ("started_at", "started_at", load_datetime, None),
        ("ended_at", "ended_at", load_datetime, None),
    )

    _identifier: ClassVar[str] = "session_id"
