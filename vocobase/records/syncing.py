"""The reads and the report of a sync: pure, no I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from vocobase._base.arguments import is_id
from vocobase._policy.cadence import MAX_PROCESSING_SECONDS, SETTLE_SECONDS
from vocobase._policy.states import CALL
from vocobase.records.facts import ENDED, FINAL, Raw, knowledge_of, moment
from vocobase.records.merge import Observation, without_links
from vocobase.records.row import CallRecord, stored

# The cursor of a sync in the table: the times of which every call is known.
CURSOR = "sync.covered"
_ENDINGS = ", ".join(f"'{status}'" for status in sorted(CALL.done | CALL.failed))
_OPEN = "is_final = 0 AND call_id IS NOT NULL AND created_at >= ?"
_HAS_ENDED = f"(ended_at IS NOT NULL OR lower(status) IN ({_ENDINGS}))"
# When a call is not over, its state comes from the list; when it is, its results come from its session.
LIVE = f"SELECT created_at FROM {{calls}} WHERE {_OPEN} AND (status IS NULL OR NOT {_HAS_ENDED})"  # noqa: S608
UNREAD = f"{_OPEN} AND status IS NOT NULL AND {_HAS_ENDED}"
PENDING = f"SELECT count(*) FROM {{calls}} WHERE {_OPEN}"  # noqa: S608 - constants
BETWEEN = "SELECT count(*) FROM {calls} WHERE call_id IS NOT NULL AND created_at > ? AND created_at < ?"


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """The progress of a sync.

    Attributes:
        read: Calls and sessions that were read so far; one that was read twice counts twice.
        changed: Records that were added or changed so far.
        pending: Calls in the table that are not final yet.
    """

    read: int
    changed: int
    pending: int


@dataclass(frozen=True, slots=True)
class SyncResult(SyncProgress):
    """The result of a sync; calls that are ``pending`` are read by the next one."""


OnProgress = Callable[[SyncProgress], object]


def observed_call(row: Raw) -> Observation:
    """Convert a row of the list to an observation; a call without a session counts as its own."""
    session_id = row.get("session_id")
    return Observation(session_id if is_id(session_id) else str(row["call_id"]), "list", row)


def known_projects(count: int) -> str:
    """Return the query for the sessions, of those passed, whose project is in the table."""
    marks = ", ".join("?" * count) or "NULL"
    return f"SELECT session_id FROM {{calls}} WHERE project_id IS NOT NULL AND session_id IN ({marks})"  # noqa: S608


def created_ms(row: Raw) -> int | None:
    """Return when a call was created, None if its time is malformed."""
    created = moment(row, "created_at")
    return None if created is None else int(stored("created_at", created))


def observed_session(record: CallRecord, raw: Raw, now: datetime) -> Observation:
    """Convert a session to an observation.

    A session does not report the end of its processing. Its results are final when the call ended long ago,
    or when they have not changed for some seconds.

    Args:
        record: The record of its call.
        raw: The session; empty if the API has none.
        now: The time.
    """
    known = (record.raw or {}).get("session")
    end = record.ended_at or record.created_at
    is_old = end is not None and now - end >= timedelta(seconds=MAX_PROCESSING_SECONDS)
    is_same = known is not None and without_links(known) == without_links(raw)
    last = record.updated_at
    is_quiet = is_same and last is not None and now - last >= timedelta(seconds=SETTLE_SECONDS)
    has_ended = not raw or knowledge_of("session", raw) in (ENDED, FINAL)
    is_running = raw.get("processing_complete") is False
    return Observation(
        record.session_id, "session", raw, is_settled=has_ended and not is_running and (is_old or is_quiet)
    )
