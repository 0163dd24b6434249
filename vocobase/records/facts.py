"""The facts that each source has about a call, by column: pure, no I/O.

A source is where it came from: ``list`` (a row of calls.list), ``session`` (sessions.get), ``call``
(calls.get), ``poll`` and ``webhook`` (an event). It is kept as received, so every member may be of any type.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, cast

from vocobase._base.arguments import MAX_ID_LENGTH, is_id, is_number
from vocobase._policy.states import CALL, SESSION, Phase
from vocobase.records.row import MICROS

Source = Literal["list", "session", "call", "poll", "webhook"]
Raw = Mapping[str, Any]
# Of two sources that know equally much, the later one counts.
SOURCES: tuple[Source, ...] = ("list", "session", "call", "poll", "webhook")
# What a source knows: an ongoing conversation, its end, or results that are final.
ONGOING, ENDED, FINAL = 0, 1, 2
_LARGEST = 2**62


def parts_of(source: Source, raw: Raw) -> tuple[Raw, Raw]:
    """Return the members about the session, and those about the phone call."""
    match source:
        case "list":
            return {}, raw
        case "session":
            return raw, {}
        case "call":
            return members(raw, "session"), raw
        case _:
            data = members(raw, "data")
            return data, members(data, "call")


def knowledge_of(source: Source, raw: Raw) -> int:
    """Return how much a source knows: ONGOING, ENDED or FINAL."""
    session, call = parts_of(source, raw)
    flags = (session.get("processing_complete"), raw.get("processing_complete"))
    match source:
        case "poll" | "webhook":
            return ENDED if False in flags else FINAL
        case "session":
            if not session.get("ended_at") and SESSION.phase(session.get("status")) is Phase.ONGOING:
                return ONGOING
            return FINAL if True in flags else ENDED
        case _:
            phase = CALL.phase(call.get("status"), call.get("ended_at"))
            if phase is Phase.ONGOING:
                return ONGOING
            # No one talked in it: there is nothing to process, and nothing more to read.
            is_over = not has_talk(call) or not is_id(call.get("session_id"))
            has_results = source == "call" and bool(session) and False not in flags
            return FINAL if is_over or has_results else ENDED


def has_talk(call: Raw) -> bool:
    """Return whether someone talked in a call that has ended."""
    return CALL.phase(call.get("status"), call.get("ended_at")) is Phase.DONE or bool(
        call.get("duration_seconds")
    )


def session_facts(data: Raw) -> dict[str, Any]:
    """Return the columns that a session, or the data of an event, contains."""
    turns = _mappings(data, "transcript")
    return _known(
        agent_id=text(data, "agent_id"),
        agent_name=text(data, "agent_name"),
        duration_seconds=number(data, "duration_seconds"),
        cost=money(data, "credits_used"),
        started_at=moment(data, "started_at"),
        ended_at=moment(data, "ended_at"),
        variables=_object(data, "variables"),
        extraction=_object(members(data, "extraction"), "values"),
        transcript=turns,
        turns=None if turns is None else len(turns),
        latency_ms=number(members(data, "latency"), "avg_ms"),
        transferred=data.get("transfer") is not None if "transfer" in data else None,
        has_recording=bool(data["recording_url"]) if "recording_url" in data else None,
    )


def call_facts(call: Raw) -> dict[str, Any]:
    """Return the columns that the members about a phone call contain."""
    direction, caller, called = (text(call, name) for name in ("direction", "from_number", "to_number"))
    return _known(
        call_id=text(call, "call_id"),
        direction=direction,
        from_number=caller,
        to_number=called,
        person={"outbound": called, "inbound": caller}.get((direction or "").lower()),
        provider=text(call, "provider"),
        agent_id=text(call, "agent_id"),
        campaign_id=text(call, "campaign_id"),
        status=text(call, "status"),
        disposition=text(call, "disposition"),
        answered_by=text(call, "answered_by"),
        created_at=moment(call, "created_at"),
        started_at=moment(call, "started_at"),
        ended_at=moment(call, "ended_at"),
        duration_seconds=number(call, "duration_seconds"),
    )


def estimated_start(source: Source, raw: Raw) -> datetime | None:
    """Return the start of a session that no list contains: its first turn, or its duration before the
    event."""
    session, _ = parts_of(source, raw)
    turns = _mappings(session, "transcript")
    first = moment(turns[0], "timestamp") if turns else None
    end = moment(session, "ended_at") or moment(session, "pipeline_completed_at") or moment(raw, "timestamp")
    known = moment(session, "started_at") or first
    if known is not None or end is None:
        return known
    return end - timedelta(seconds=min(number(session, "duration_seconds") or 0.0, 86_400.0))


def members(data: Raw, name: str) -> Raw:
    """Return an object inside another one, empty if there is none."""
    return _object(data, name) or {}


def text(data: Raw, name: str) -> str | None:
    """Return a text that is short enough for the index of a database, None for anything else."""
    value = data.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= MAX_ID_LENGTH else None


def number(data: Raw, name: str) -> float | None:
    """Return a number, None for anything else."""
    value = data.get(name)
    return float(value) if is_number(value) else None


def money(data: Raw, name: str) -> Decimal | None:
    """Return an amount in rupees exactly as it was written, None for anything else."""
    value = data.get(name)
    if not is_number(value) or abs(value) * MICROS > _LARGEST:
        return None
    return Decimal(str(value))


def moment(data: Raw, name: str) -> datetime | None:
    """Return a time with its zone, None for anything else."""
    value = data.get(name)
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None:
        return None
    # As precisely as the table stores it.
    found = found.replace(microsecond=found.microsecond // 1000 * 1000)
    try:
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:  # the first and last days of the calendar
        return None


def _object(data: Raw, name: str) -> Raw | None:
    value = data.get(name)
    return cast(Raw, value) if isinstance(value, dict) else None


def _mappings(data: Raw, name: str) -> tuple[Raw, ...] | None:
    value = data.get(name)
    if not isinstance(value, list):
        return None
    return tuple(cast(Raw, item) for item in cast("list[object]", value) if isinstance(item, dict))


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
