"""The dials of each person, over all lists of a ledger: the cap, and a durable record of each dial."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from vocobase._dialing.decisions import Decision, Refuse
from vocobase._dialing.redial import MAX_DIALS, PersonCap
from vocobase._dialing.rules import later, moment
from vocobase._dialing.scopes import PEOPLE
from vocobase._ledger import Entry, Ledger
from vocobase._ledger.changes import Members, change_noted

PERSON_CAP = "person_cap"
Dial = dict[str, Any]


def dial_of(job: Entry, name: str) -> Dial:
    """Return the record of the dial that a worker is about to send for a claimed job."""
    return {"at": job.claimed_at, "list": name, "key": job.key}


def check_cap(cap: PersonCap | None, job: Entry, dials: Sequence[Dial], now: datetime) -> Decision:
    """Return whether the person of a job may be dialled once more."""
    if cap is None:
        return None
    period = None if cap.days is None else timedelta(days=cap.days)
    times = sorted(dial["at"] for dial in dials if period is None or moment(dial["at"]) + period > now)
    if len(times) < cap.dials:
        return None
    if period is None:
        return Refuse(PERSON_CAP, f"this number was dialled {len(times)} times from this ledger")
    reason = f"this number was dialled {len(times)} times in {cap.days:g} days"
    return later(job, moment(times[-cap.dials]) + period, PERSON_CAP, reason)


def reserve(ledger: Ledger, job: Entry, name: str, cap: PersonCap | None, now: datetime) -> Decision:
    """Record the dial that is about to be sent, unless the cap of the person forbids it.

    It counts for all workers from now on, whatever happens to this one; `release` removes it.
    """
    dial = dial_of(job, name)
    decision: Decision = None

    def add(members: Members) -> Members:
        nonlocal decision
        dials = members.get("dials", [])
        decision = check_cap(cap, job, dials, now)
        return members if decision is not None else {"dials": [*dials, dial][-MAX_DIALS:]}

    change_noted(ledger, PEOPLE, job.payload["to_number"], add)
    return decision


def release(ledger: Ledger, job: Entry, name: str) -> None:
    """Remove the record of a dial that was certainly not sent."""
    dial = dial_of(job, name)

    def remove(members: Members) -> Members:
        dials = members.get("dials", [])
        return {"dials": [each for each in dials if each != dial]} if dial in dials else members

    change_noted(ledger, PEOPLE, job.payload["to_number"], remove)
