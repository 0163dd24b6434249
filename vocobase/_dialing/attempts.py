"""The attempts to reach the person of a job, and the form in which a ledger keeps them: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from vocobase._base.masked_repr import MaskedRepr
from vocobase._ledger import Entry

# An attempt that may have rung, and whose call was not found.
UNKNOWN = "unknown"


@dataclass(frozen=True, repr=False)
class Attempt(MaskedRepr):
    """One dial of a job.

    Attributes:
        number: Which attempt it was, from 1.
        started_at: When it was dialled.
        call_id: The call; None if it was not found.
        outcome: Disposition of the call, or its status where it has none, such as ``busy``; ``unknown`` if
            it is not known whether the phone rang; None while the call is not final.
        ended_at: When the outcome was read.
        duration_seconds: Length of the call in seconds.
        cost: Amount charged in rupees.
        extraction: Extracted values by name.
        reason: Why a callback time among them was not followed.
    """

    number: int
    started_at: datetime
    call_id: str | None = None
    outcome: str | None = None
    ended_at: datetime | None = None
    duration_seconds: float | None = None
    cost: Decimal | None = None
    extraction: Mapping[str, Any] | None = None
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the form that a ledger keeps, without unknown members."""
        form = {
            "number": self.number,
            "at": self.started_at.timestamp(),
            "call_id": self.call_id,
            "outcome": self.outcome,
            "ended": self.ended_at.timestamp() if self.ended_at else None,
            "seconds": self.duration_seconds,
            "cost": None if self.cost is None else str(self.cost),
            "extraction": None if self.extraction is None else dict(self.extraction),
            "reason": self.reason,
        }
        return {name: value for name, value in form.items() if value is not None}

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> Attempt:
        """Read the form that a ledger keeps."""
        ended, cost = form.get("ended"), form.get("cost")
        return cls(
            form["number"],
            datetime.fromtimestamp(form["at"], UTC),
            form.get("call_id"),
            form.get("outcome"),
            None if ended is None else datetime.fromtimestamp(ended, UTC),
            form.get("seconds"),
            None if cost is None else Decimal(cost),
            form.get("extraction"),
            form.get("reason"),
        )


def forms_of(entry: Entry) -> list[dict[str, Any]]:
    """Return the attempts of a job as the ledger keeps them; those of ledgers before redial are read too."""
    result = entry.result or {}
    if "attempts" in result:
        forms: list[dict[str, Any]] = result["attempts"]
        return forms
    call_id, at = result.get("call_id"), entry.claimed_at
    return [] if call_id is None or at is None else [{"number": 1, "at": at, "call_id": call_id}]


def attempts_of(entry: Entry) -> list[Attempt]:
    """Return the attempts of a job, oldest first."""
    return [Attempt.from_json(form) for form in forms_of(entry)]


def outcome_of(entry: Entry) -> str | None:
    """Return the outcome of the last attempt of a job; None without an attempt, and while it is not known."""
    forms = forms_of(entry)
    return forms[-1].get("outcome") if forms else None


def attempt_of(job: Entry, *, call_id: str | None = None, outcome: str | None = None) -> Attempt:
    """Return the attempt for which a worker has claimed a job."""
    at = datetime.fromtimestamp(job.claimed_at or 0.0, UTC)
    return Attempt(len(forms_of(job)) + 1, at, call_id, outcome)


def call_note(job: Entry, attempt: Attempt) -> dict[str, Any]:
    """Return the entry of a call, by which its outcome is read."""
    return {
        "job": job.key,
        "number": job.payload["to_number"],
        "agent_id": job.payload["agent_id"],
        "attempt": attempt.number,
        "redial": "redial" in job.payload,
        "at": attempt.started_at.timestamp(),
    }


def with_attempts(entry: Entry, attempts: list[Attempt], **members: Any) -> dict[str, Any]:
    """Return the result of a job that keeps its attempts; every change of a job's result goes through here.

    Args:
        entry: The job, whose other members are dropped.
        attempts: All attempts; ``call_id`` becomes that of the last one.
        members: Such as ``reason`` and ``code``.
    """
    last = attempts[-1].call_id if attempts else None
    form = {"call_id": last, **members, "attempts": [attempt.to_json() for attempt in attempts] or None}
    return {name: value for name, value in form.items() if value is not None}
