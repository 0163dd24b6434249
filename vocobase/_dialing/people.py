"""How often each person was dialled, over all lists of a ledger: the cap, and a durable note of each dial."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from vocobase._dialing.decisions import Decision, Postpone, Refuse
from vocobase._dialing.redial import PersonCap
from vocobase._dialing.rules import moment
from vocobase._dialing.scopes import PEOPLE
from vocobase._ledger import Entry, Ledger

PERSON_CAP = "person_cap"
# Dials that are kept for each person; the oldest ones are forgotten, after years.
_MAX_DIALS = 1000
Dial = dict[str, Any]


def dial_of(job: Entry, name: str) -> Dial:
    """Return the note of the dial that a worker is about to send for a claimed job."""
    return {"at": job.claimed_at, "list": name, "key": job.key}


def check_cap(cap: PersonCap | None, dials: Sequence[Dial], now: datetime) -> Decision:
    """Return whether a person may be dialled once more."""
    if cap is None:
        return None
    period = None if cap.days is None else timedelta(days=cap.days)
    times = sorted(dial["at"] for dial in dials if period is None or moment(dial["at"]) + period > now)
    if len(times) < cap.dials:
        return None
    if period is None:
        return Refuse(PERSON_CAP, f"this number was dialled {len(times)} times from this ledger")
    reason = f"this number was dialled {len(times)} times in {cap.days:g} days"
    return Postpone(moment(times[-cap.dials]) + period, PERSON_CAP, reason)


def reserve(ledger: Ledger, job: Entry, name: str, cap: PersonCap | None, now: datetime) -> Decision:
    """Note the dial that is about to be sent, unless the cap of the person forbids it.

    It counts from now on for all workers, whatever happens to this one; `release` removes it.
    """
    number, dial = job.payload["to_number"], dial_of(job, name)
    while True:
        entry = ledger.get(PEOPLE, number)
        dials = _read(entry)
        decision = check_cap(cap, dials, now)
        if decision is not None:
            return decision
        if _replace(ledger, number, entry, [*dials, dial][-_MAX_DIALS:]):
            return None


def release(ledger: Ledger, job: Entry, name: str) -> None:
    """Remove the note of a dial that was certainly not sent."""
    number, dial = job.payload["to_number"], dial_of(job, name)
    while True:
        entry = ledger.get(PEOPLE, number)
        dials = _read(entry)
        if dial not in dials or _replace(ledger, number, entry, [each for each in dials if each != dial]):
            return


def _read(entry: Entry | None) -> list[Dial]:
    return list(((entry.result if entry else None) or {}).get("dials", ()))


def _replace(ledger: Ledger, number: str, entry: Entry | None, dials: list[Dial]) -> bool:
    """Store the dials of a number; return False if another worker was faster."""
    if entry is None:
        ledger.record(PEOPLE, [number], "done")
    expected = entry.result if entry else None
    return not ledger.revise(PEOPLE, [number], "done", was="done", result={"dials": dials}, expected=expected)
