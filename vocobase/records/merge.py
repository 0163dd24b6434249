"""Merge all observations of a session into one record, whatever their order: pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from vocobase.records.facts import (
    FINAL,
    SOURCES,
    Raw,
    Source,
    call_facts,
    estimated_start,
    knowledge_of,
    parts_of,
    session_facts,
    text,
)
from vocobase.records.row import CallRecord

# Columns that no source of the API has; they stay as they are.
_ADDED = ("project_id", "list", "list_key", "attempt")


@dataclass(frozen=True, slots=True)
class Observation:
    """Something that was seen of a session.

    Attributes:
        session_id: The session.
        source: Where it was seen.
        raw: What the API sent.
        is_settled: Whether its results are final although it does not say so.
        added: Values of columns that the API does not know.
    """

    session_id: str
    source: Source
    raw: Raw = field(repr=False)
    is_settled: bool = False
    added: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)

    @property
    def call_id(self) -> str | None:
        """The call, under which a session is entered as long as its own identifier is unknown."""
        return text(parts_of(self.source, self.raw)[1], "call_id")


def merge(known: CallRecord | None, seen: Observation, now: datetime) -> CallRecord:
    """Return the record with an observation, or the same object if that is nothing new.

    The result depends on the observations, not on their order: the record keeps the most complete one of each
    source, and each column comes from the source that knows most.

    Args:
        known: The record, None if there is none.
        seen: What was seen.
        now: The time.
    """
    raws = dict(cast("Mapping[Source, Raw]", known.raw)) if known is not None and known.raw else {}
    before = raws.get(seen.source)
    if before is None or _rank(seen.source, seen.raw) >= _rank(seen.source, before):
        raws[seen.source] = seen.raw
    values = _columns(raws)
    values.setdefault("created_at", now if known is None else known.created_at)
    if known is not None:
        values |= {name: getattr(known, name) for name in _ADDED}
    values |= {name: value for name, value in seen.added.items() if value is not None}
    is_final = any(knowledge_of(source, raw) == FINAL for source, raw in raws.items())
    record = CallRecord(
        session_id=seen.session_id,
        raw=cast("Mapping[str, Any]", raws),
        is_final=is_final or seen.is_settled or (known is not None and known.is_final),
        sources=",".join(source for source in SOURCES if source in raws),
        updated_at=now,
        **values,
    )
    return known if known is not None and _content(record) == _content(known) else record


def _columns(raws: Mapping[Source, Raw]) -> dict[str, Any]:
    """Return the columns; final values take precedence, then the call over its session."""
    facts: list[tuple[tuple[int, int, int], dict[str, Any]]] = []
    for source, raw in raws.items():
        session, call = parts_of(source, raw)
        known, place = knowledge_of(source, raw), SOURCES.index(source)
        facts.append(((known, 0, place), session_facts(session)))
        facts.append(((known, 1, place), call_facts(call)))
    values: dict[str, Any] = {}
    for _, each in sorted(facts, key=lambda fact: fact[0]):
        values |= each
    if not any(parts_of(source, raw)[1] for source, raw in raws.items()):
        values["direction"] = "web"
        values["status"] = text(raws.get("session", {}), "status")
    if "created_at" not in values:
        found = [estimated_start(source, raws[source]) for source in SOURCES if source in raws]
        if starts := [start for start in found if start is not None]:
            values["created_at"] = min(starts)
    return values


def _rank(source: Source, raw: Raw) -> tuple[int, str]:
    # If an event is delivered twice, the later delivery counts.
    return knowledge_of(source, raw), text(raw, "timestamp") or ""


def _content(record: CallRecord) -> CallRecord:
    """Return a record without the members that change with every read."""
    return replace(record, raw=without_links(record.raw), updated_at=None, sequence=0)


def without_links(value: Any) -> Any:
    """Return what the API sent without the links to recordings, which are signed again in every response."""
    if not isinstance(value, dict):
        return value
    items = cast("dict[str, Any]", value).items()
    return {name: without_links(member) for name, member in items if name != "recording_url"}
