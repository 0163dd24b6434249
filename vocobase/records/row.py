"""One row of the table of calls: its columns, and the record that a program sees. Pure, no I/O."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from vocobase._base.masked_repr import MaskedRepr

Kind = Literal["text", "whole", "real", "time", "money", "flag", "json"]
MICROS = 1_000_000
# Half of a character, which UTF-8 cannot express; and the character that PostgreSQL does not store.
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

# Every column of the table, in order: name and kind. A time is stored in milliseconds since 1970, money in
# millionths of a rupee, a flag as 0 or 1, JSON as its text; all of them may be NULL.
COLUMNS: dict[str, Kind] = {
    "session_id": "text",
    "call_id": "text",
    "direction": "text",
    "from_number": "text",
    "to_number": "text",
    "person": "text",
    "provider": "text",
    "agent_id": "text",
    "agent_name": "text",
    "project_id": "text",
    "campaign_id": "text",
    "list": "text",
    "list_key": "text",
    "attempt": "whole",
    "status": "text",
    "disposition": "text",
    "answered_by": "text",
    "created_at": "time",
    "started_at": "time",
    "ended_at": "time",
    "duration_seconds": "real",
    "cost": "money",
    "turns": "whole",
    "latency_ms": "real",
    "transferred": "flag",
    "has_recording": "flag",
    "variables": "json",
    "extraction": "json",
    "transcript": "json",
    "raw": "json",
    "is_final": "flag",
    "sources": "text",
    "updated_at": "time",
    # Grows with every change of any row, so that an export continues where it stopped.
    "sequence": "whole",
}


@dataclass(frozen=True, slots=True, repr=False)
class CallRecord(MaskedRepr):
    """A phone call or a browser session, as far as it is known.

    Attributes:
        session_id: Session identifier; one record for each.
        call_id: Call identifier; None for a browser session.
        direction: ``outbound``, ``inbound``, or ``web`` for a browser session.
        from_number: Calling number.
        to_number: Called number.
        person: Number of the other party.
        provider: Carrier.
        agent_id: Agent.
        agent_name: Its name at the time of the call.
        project_id: Project of the agent.
        campaign_id: Campaign on the platform; None if unknown.
        list: Name of the list that started the call; None if it was not started by one.
        list_key: Key of its job in that list.
        attempt: Which attempt to reach the person it was, from 1.
        status: Status of the call, or of the session for a browser session.
        disposition: Outcome.
        answered_by: Who answered.
        created_at: Time of creation.
        started_at: Time at which the conversation began.
        ended_at: Time of its end.
        duration_seconds: Length in seconds.
        cost: Amount charged in rupees.
        turns: Number of turns of the transcript.
        latency_ms: Response time of the agent in milliseconds.
        transferred: Whether the call was transferred.
        has_recording: Whether there is a recording.
        variables: Values that were used in the prompt.
        extraction: Extracted values by name.
        transcript: Turns in order, as the API sent them.
        raw: What the API sent, by source.
        is_final: Whether it can no longer change.
        sources: Its sources, separated by commas: ``webhook``, ``poll``, ``list``, ``session``, ``call``.
        updated_at: When the record was last changed.
        sequence: Number of its last change.
    """

    session_id: str
    call_id: str | None = None
    direction: str | None = None
    from_number: str | None = field(default=None, repr=False)
    to_number: str | None = field(default=None, repr=False)
    person: str | None = field(default=None, repr=False)
    provider: str | None = None
    agent_id: str | None = None
    agent_name: str | None = None
    project_id: str | None = None
    campaign_id: str | None = None
    list: str | None = None
    list_key: str | None = field(default=None, repr=False)
    attempt: int | None = None
    status: str | None = None
    disposition: str | None = None
    answered_by: str | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    duration_seconds: float | None = None
    cost: Decimal | None = None
    turns: int | None = None
    latency_ms: float | None = None
    transferred: bool | None = None
    has_recording: bool | None = None
    variables: Mapping[str, Any] | None = None
    extraction: Mapping[str, Any] | None = None
    transcript: tuple[Mapping[str, Any], ...] | None = None
    raw: Mapping[str, Any] | None = field(default=None, repr=False)
    is_final: bool = False
    sources: str = field(default="", repr=False)
    updated_at: datetime | None = field(default=None, repr=False)
    sequence: int = field(default=0, repr=False)

    def to_dict(self, *, flat: bool = False) -> dict[str, Any]:
        """Return the columns by name.

        Args:
            flat: Spread variables and extraction over columns ``variables.name`` and ``extraction.name``, and
                leave out transcript and raw, for tables.
        """
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        if not flat:
            return values
        nested: dict[str, dict[str, Any]] = {
            name: values.pop(name) or {} for name in ("variables", "extraction")
        }
        values = {name: value for name, value in values.items() if name not in ("transcript", "raw")}
        for prefix, members in nested.items():
            values.update({f"{prefix}.{name}": value for name, value in members.items()})
        return values


def stored(name: str, value: Any) -> Any:
    """Return the value of a column as the database has it."""
    if value is None:
        return None
    match COLUMNS[name]:
        case "time":
            return round(value.timestamp() * 1000)
        case "money":
            return int((value * MICROS).to_integral_value())
        case "flag":
            return int(value)
        case "json":
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
        case "text":
            return _UNSTORABLE.sub("\ufffd", value)
        case _:
            return value


def loaded(name: str, value: Any) -> Any:
    """Return the value of a column as a program sees it."""
    if value is None:
        return None
    match COLUMNS[name]:
        case "time":
            return datetime.fromtimestamp(value / 1000, UTC)
        case "money":
            return Decimal(value) / MICROS
        case "flag":
            return bool(value)
        case "json":
            found = json.loads(value)
            return tuple(found) if name == "transcript" else found
        case _:
            return value


def record_of(row: Mapping[str, Any]) -> CallRecord:
    """Return the record of a stored row."""
    return CallRecord(**{name: loaded(name, row[name]) for name in COLUMNS})
