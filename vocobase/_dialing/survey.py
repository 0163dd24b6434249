"""The input of a plan: the jobs that are passed, and what a ledger knows about them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from vocobase._base.errors import InvalidArgumentError
from vocobase._base.runtime import wall_time
from vocobase._dialing.estimate import PastCall
from vocobase._dialing.jobs import CallJob, check_window, item_of
from vocobase._dialing.list_settings import ListSettings, merge
from vocobase._dialing.marks import Pause, marks_of
from vocobase._dialing.person_caps import Dial
from vocobase._dialing.plan import DUPLICATE, IN_LIST, INVALID_JOB, INVALID_NUMBER, PlanRow
from vocobase._dialing.scopes import LISTS, PEOPLE, outcomes_of, scope_of
from vocobase._dialing.windows import CallWindow
from vocobase._ledger import Entry, Ledger, State
from vocobase._ledger.base import BATCH, check_key
from vocobase._ledger.changes import noted
from vocobase._policy.limits import is_e164
from vocobase._policy.states import outcome_form
from vocobase.records.row import CallRecord

WHAT = "calls.plan_many"
# States of jobs that a run does not start, in words.
_LEFT_ALONE: dict[State, str] = {
    "claimed": "a worker holds it now",
    "done": "it was dialled",
    "refused": "it was refused",
    "parked": "it may have been dialled, and a person decides",
}


@dataclass
class Survey:
    """The jobs of a plan, and what is known about them.

    Attributes:
        now: The time, in seconds since 1970.
        settings: Those of the list, with those that are passed.
        pause: The pause of the list.
        rows: For each job that was passed: its row if it is not dialled, else the key of its entry.
        entries: By key, the jobs that a run would dial, in the order in which the ledger has them.
        dials: The dials to each number so far, if a cap counts them.
        past: Calls whose outcome is known.
    """

    now: float
    settings: ListSettings
    pause: Pause | None = None
    rows: list[PlanRow | str] = field(default_factory=list[PlanRow | str])
    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])
    dials: dict[str, list[Dial]] = field(default_factory=dict[str, list[Dial]])
    past: list[PastCall] = field(default_factory=list[PastCall])


def survey_of(
    ledger: Ledger | None,
    name: str,
    jobs: Iterable[CallJob],
    window: CallWindow | None,
    settings: ListSettings,
    records: Iterable[CallRecord],
) -> Survey:
    """Read the jobs, and what the ledger knows; nothing is written.

    Raises:
        ConfigurationError: a setting differs from the one that the list has.
        InvalidArgumentError: the jobs are not an iterable of CallJob objects.
    """
    found = Survey(wall_time(), settings)
    if ledger is not None:
        merged = merge(name, noted(ledger, LISTS, name), settings, WHAT)
        found.now, found.settings = ledger.now(), ListSettings.from_json(merged)
        found.pause = marks_of(ledger, name).pause
        found.entries = {entry.key: entry for entry in _waiting(ledger, name)}
        found.past = [_past_call(entry) for entry in ledger.entries(outcomes_of(name), "done")]
    found.past += _past_records(records)
    passed = _read_jobs(found, jobs, window)
    if ledger is not None:
        _leave_alone(found, ledger, scope_of(name), passed)
        if found.settings.person_cap is not None:
            numbers = {entry.payload["to_number"] for entry in found.entries.values()}
            people = ledger.entries(PEOPLE, "done")
            found.dials = {
                each.key: (each.result or {}).get("dials", []) for each in people if each.key in numbers
            }
    return found


def _waiting(ledger: Ledger, name: str) -> Iterable[Entry]:
    """Yield the jobs that wait; those with equal hours share one form of them, which is read once."""
    forms: dict[str, Any] = {}
    for entry in ledger.entries(scope_of(name), "waiting"):
        form = entry.payload.get("window")
        entry.payload["window"] = forms.setdefault(json.dumps(form), form)
        yield entry


def _read_jobs(found: Survey, jobs: Iterable[CallJob], window: CallWindow | None) -> set[str]:
    """Add a row for each job; return the keys of those that the list does not have as waiting."""
    check_window(window, WHAT)
    given = cast(object, jobs)
    passed: set[str] = set()
    seen: set[str] = set()
    for number, job in enumerate(cast("Iterable[object]", given) if isinstance(given, Iterable) else [None]):
        if not isinstance(job, CallJob):
            raise InvalidArgumentError(f"{WHAT}: jobs must be a list of CallJob objects.")
        row = _row_of(job, window, number)
        if isinstance(row, PlanRow):
            found.rows.append(row)
            continue
        key, payload = row
        if key in seen:
            reason = "its key, or its agent and number, occurs earlier in these jobs"
            found.rows.append(PlanRow(key, job.agent_id, job.to_number, DUPLICATE, reason))
            continue
        seen.add(key)
        found.rows.append(key)
        if key not in found.entries:
            passed.add(key)
            found.entries[key] = Entry(key, payload)
    return passed


def _row_of(job: CallJob, window: CallWindow | None, number: int) -> PlanRow | tuple[str, dict[str, Any]]:
    """Return the key and the payload of a job, or its row if a run would refuse all jobs because of it."""
    try:
        key, payload = item_of(job, window, number, WHAT)
        return check_key(key), payload
    except InvalidArgumentError as error:
        code = INVALID_JOB if is_e164(job.to_number) else INVALID_NUMBER
        return PlanRow(None, job.agent_id, job.to_number, code, str(error))


def _leave_alone(found: Survey, ledger: Ledger, scope: str, passed: Collection[str]) -> None:
    """Add a row for the jobs of the list that are not waiting."""
    keys = list(passed)
    states: dict[str, State] = {}
    for start in range(0, len(keys), BATCH):
        for state in _LEFT_ALONE:
            states |= dict.fromkeys(ledger.find(scope, keys[start : start + BATCH], state), state)
    for place, row in enumerate(found.rows):
        if isinstance(row, str) and row in states:
            job = found.entries.pop(row).payload
            reason = f"in the list already: {_LEFT_ALONE[states[row]]}"
            found.rows[place] = PlanRow(row, job["agent_id"], job["to_number"], IN_LIST, reason)


def _past_call(entry: Entry) -> PastCall:
    result: Mapping[str, Any] = entry.result or {}
    cost = result.get("cost")
    seconds, outcome = result.get("seconds"), result.get("outcome")
    return PastCall(outcome, seconds, None if cost is None else Decimal(cost))


def _past_records(records: Iterable[CallRecord]) -> list[PastCall]:
    found: list[PastCall] = []
    given = cast(object, records)
    for record in cast("Iterable[object]", given) if isinstance(given, Iterable) else [None]:
        if not isinstance(record, CallRecord):
            raise InvalidArgumentError(f"{WHAT}: records must be an iterable of CallRecord objects.")
        outcome = outcome_form(record.disposition or record.status or "") or None
        found.append(PastCall(outcome, record.duration_seconds, record.cost))
    return found
