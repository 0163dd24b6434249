from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..models.call_latency import CallLatency
from ..models.extraction import Extraction
from ..models.json_object import JsonObject
from ..models.transcript_turn import TranscriptTurn
from ..types import (
    Identified,
    Load,
    Model,
    Transcript,
    Unset,
    load_datetime,
    load_model,
    load_transcript,
)


@define(kw_only=True, repr=False)
class CallSession(Identified, Model):
    """Session of the call; likely null before the call connects.

    Attributes:
        session_id (str): Session identifier.
        duration_seconds (int): Length in seconds.
        credits_used (float): Amount charged; a rupee amount since May 2026.
        transcript (list[TranscriptTurn]): Turns in order.
        latency (CallLatency | None): Response times of the agent.
        recording_url (None | str): Presigned, valid 7 days; null without recording.
        status (str): Free text in the documentation; completed is one value.
        started_at (datetime.datetime): Start time.
        ended_at (datetime.datetime | None): End time.
        variables (JsonObject): Any JSON object.
        extraction (Extraction | None): Extraction result is readable here; absent when the agent has no
            extraction_config.
        processing_complete (bool): Guide names processing_complete for this response without its place;
            nesting under session is inferred, so also read it directly in data.
        pipeline_completed_at (datetime.datetime | None): Guide names it for this response without its
            place; nesting inferred; null while processing runs and on old sessions.
    """

    session_id: str
    duration_seconds: int
    credits_used: float
    transcript: Transcript[TranscriptTurn]
    latency: CallLatency | None
    recording_url: None | str
    status: str
    started_at: datetime.datetime
    ended_at: datetime.datetime | None
    variables: JsonObject
    extraction: Extraction | None
    processing_complete: bool
    pipeline_completed_at: datetime.datetime | None
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("session_id", "session_id", None, None),
        ("duration_seconds", "duration_seconds", None, None),
        ("credits_used", "credits_used", None, None),
        ("transcript", "transcript", load_transcript(load_model(TranscriptTurn)), None),
        ("latency", "latency", load_model(CallLatency), None),
        ("recording_url", "recording_url", None, None),
        ("status", "status", None, None),
        ("started_at", "started_at", load_datetime, None),
        ("ended_at", "ended_at", load_datetime, None),
        ("variables", "variables", None, None),
        ("extraction", "extraction", load_model(Extraction), None),
        ("processing_complete", "processing_complete", None, None),
        ("pipeline_completed_at", "pipeline_completed_at", load_datetime, None),
    )

    _identifier: ClassVar[str] = "session_id"
