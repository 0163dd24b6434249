from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..models.transcript_role import TranscriptRole
from ..types import Load, Model, Unset, load_datetime, load_enum


@define(kw_only=True, repr=False)
class TranscriptTurn(Model):
    """Found at CallSession.transcript[], Session.transcript[], SessionCompletedData.transcript[].

    Attributes:
        role (TranscriptRole):
        content (str): Text of the turn.
        timestamp (datetime.datetime): Time of the turn.
        latency_ms (int | None): Null on user turns.
    """

    role: TranscriptRole
    content: str
    timestamp: datetime.datetime
    latency_ms: int | None
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("role", "role", load_enum(TranscriptRole), None),
        ("content", "content", None, None),
        ("timestamp", "timestamp", load_datetime, None),
        ("latency_ms", "latency_ms", None, None),
    )
