"""The typed events, and how they are parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Self, TypeVar, cast

from vocobase._base.arguments import is_number
from vocobase._base.masked_repr import MaskedRepr
from vocobase.webhooks._json import load_object
from vocobase.webhooks._reasons import refusal
from vocobase.webhooks._signature import raw_bytes
from vocobase_raw.models.answered_by import AnsweredBy
from vocobase_raw.models.call_direction import CallDirection
from vocobase_raw.models.call_disposition import CallDisposition
from vocobase_raw.models.call_latency import CallLatency
from vocobase_raw.models.call_status import CallStatus
from vocobase_raw.models.extraction import Extraction
from vocobase_raw.models.telephony_provider import TelephonyProvider
from vocobase_raw.models.transcript_turn import TranscriptTurn
from vocobase_raw.types import Transcript

T = TypeVar("T")

SESSION_COMPLETED: Final = "session.completed"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CompletedCall(MaskedRepr):
    """The phone call of a session.

    A member that is absent, null or of an undocumented type is None; ``raw`` holds everything.

    Attributes:
        call_id: Call identifier, for ``calls.get``.
        from_number: Number of the caller, E.164.
        to_number: Number that was called, E.164.
        direction: ``outbound``; other values are possible.
        provider: Carrier (inferred member).
        status: State at the carrier; ``disposition`` identifies voicemail.
        disposition: Final outcome (newer payloads).
        answered_by: Probable kind of the answering party (newer payloads).
        raw: The object as received.
    """

    call_id: str | None
    from_number: str | None = field(repr=False)
    to_number: str | None = field(repr=False)
    direction: CallDirection | None
    status: CallStatus | None
    disposition: CallDisposition | None
    answered_by: AnsweredBy | None
    provider: TelephonyProvider | None = None
    raw: dict[str, Any] = field(repr=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Parse the object ``data.call`` of an event."""
        return cls(
            call_id=_text(data, "call_id"),
            from_number=_text(data, "from_number"),
            to_number=_text(data, "to_number"),
            direction=_open(data, "direction", CallDirection),
            status=_open(data, "status", CallStatus),
            disposition=_open(data, "disposition", CallDisposition),
            answered_by=_open(data, "answered_by", AnsweredBy),
            provider=_open(data, "provider", TelephonyProvider),
            raw=dict(data),
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SessionCompleted(MaskedRepr):
    """A session has ended, successfully or not, and its processing is over.

    A member that is absent, null or of an undocumented type is None; ``raw`` holds everything.

    Attributes:
        session_id: Session identifier; the same event can arrive more than once, always with this identifier.
        timestamp: Time at which the event was sent.
        agent_id: Agent that took the call.
        agent_name: Its name.
        duration_seconds: Length of the session.
        credits_used: Amount charged, with fractions.
        processing_complete: True in events (newer payloads).
        pipeline_completed_at: End of processing (newer payloads).
        transcript: Turns in order; empty when there are none.
        recording_url: Presigned link, valid for 7 days; ``calls.recording_url`` returns a fresh one.
        variables: Values that were used in the prompt; empty when there are none.
        extraction: Outcome of the extraction; None unless the agent has one configured. Its
            ``additional_properties`` hold further members, such as ``model``.
        latency: Response times of the agent (older payloads).
        call: The phone call; None for browser sessions.
        raw: The whole body as received.
    """

    event: str = field(default=SESSION_COMPLETED, init=False, repr=False)
    session_id: str
    timestamp: datetime | None
    agent_id: str | None
    agent_name: str | None
    duration_seconds: float | None
    credits_used: float | None
    processing_complete: bool | None
    pipeline_completed_at: datetime | None = field(repr=False)
    transcript: Transcript[TranscriptTurn] = field(repr=False)
    recording_url: str | None = field(repr=False)
    variables: dict[str, Any] = field(repr=False)
    extraction: Extraction | None = field(repr=False)
    latency: CallLatency | None = field(repr=False)
    call: CompletedCall | None
    raw: dict[str, Any] = field(repr=False)

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> Self:
        """Parse the body of an event.

        Args:
            body: Parsed JSON with ``event``, ``timestamp`` and ``data``.

        Raises:
            WebhookError: ``bad-body`` if ``data.session_id`` is missing.
        """
        data = _object(body, "data")
        session_id = None if data is None else _text(data, "session_id")
        if data is None or not session_id:
            raise refusal("bad-body", "data.session_id is missing")
        return cls(
            session_id=session_id,
            timestamp=_time(body, "timestamp"),
            agent_id=_text(data, "agent_id"),
            agent_name=_text(data, "agent_name"),
            duration_seconds=_number(data, "duration_seconds"),
            credits_used=_number(data, "credits_used"),
            processing_complete=_flag(data, "processing_complete"),
            pipeline_completed_at=_time(data, "pipeline_completed_at"),
            transcript=Transcript(_objects(data, "transcript", TranscriptTurn.from_dict)),
            recording_url=_text(data, "recording_url"),
            variables=_object(data, "variables") or {},
            extraction=_nested(data, "extraction", Extraction.from_dict),
            latency=_nested(data, "latency", CallLatency.from_dict),
            call=_nested(data, "call", CompletedCall.from_dict),
            raw=dict(body),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return a copy of the body as received, unknown members included."""
        return deepcopy(self.raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownEvent:
    """An event that this version does not know. The documentation says to ignore such events.

    Attributes:
        event: Name of the event; empty when the body has none.
        data: The object ``data``; empty when the body has none.
        raw: The whole body as received.
    """

    event: str
    data: dict[str, Any] = field(repr=False)
    raw: dict[str, Any] = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return a copy of the body as received."""
        return deepcopy(self.raw)


Event = SessionCompleted | UnknownEvent


def parse(body: bytes) -> Event:
    """Parse an event without checking its signature; `verify` does that.

    Args:
        body: Raw body of the request.

    Returns:
        A `SessionCompleted`, or an `UnknownEvent` for any other name.

    Raises:
        WebhookError: ``not-bytes``, or ``bad-body`` if the body is not a JSON object or lacks the session.
    """
    content = load_object(raw_bytes(body))
    name = _text(content, "event") or ""
    if name == SESSION_COMPLETED:
        return SessionCompleted.from_dict(content)
    return UnknownEvent(event=name, data=_object(content, "data") or {}, raw=content)


def _text(data: Mapping[str, Any], key: str) -> str | None:
    value = data.get(key)
    return value if isinstance(value, str) else None


def _number(data: Mapping[str, Any], key: str) -> float | None:
    value = data.get(key)
    # An integer of JSON may exceed every float, and arithmetic with it would fail.
    return value if is_number(value) else None


def _flag(data: Mapping[str, Any], key: str) -> bool | None:
    value = data.get(key)
    return value if isinstance(value, bool) else None


def _time(data: Mapping[str, Any], key: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(data.get(key, ""))
    except (TypeError, ValueError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _object(data: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    value = data.get(key)
    return cast(dict[str, Any], value) if isinstance(value, dict) else None


def _open(data: Mapping[str, Any], key: str, enum: Callable[[str], T]) -> T | None:
    value = _text(data, key)
    return None if value is None else enum(value)


def _nested(data: Mapping[str, Any], key: str, read: Callable[[Mapping[str, Any]], T]) -> T | None:
    value = _object(data, key)
    return None if value is None else read(value)


def _objects(data: Mapping[str, Any], key: str, read: Callable[[Mapping[str, Any]], T]) -> list[T]:
    value = data.get(key)
    items = cast(Iterable[Any], value) if isinstance(value, list) else ()
    return [read(cast(dict[str, Any], item)) for item in items if isinstance(item, dict)]
