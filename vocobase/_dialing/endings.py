"""The end of a call, and the next state of its job: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from decimal import Decimal
from math import ceil
from typing import Any, cast

from vocobase._base.arguments import is_number
from vocobase._base.errors import ConfigurationError
from vocobase._base.json_form import json_fault
from vocobase._base.masked_repr import MaskedRepr
from vocobase._dialing.attempts import UNKNOWN, Attempt, attempts_of, with_attempts
from vocobase._dialing.redial import Redial, call_back_fault, next_attempt
from vocobase._dialing.rules import MAX_CALL_SECONDS, moment, window_of
from vocobase._dialing.windows import zones_for
from vocobase._ledger import Entry, State
from vocobase._policy.cadence import (
    FIRST_OUTCOME_SECONDS,
    MAX_OUTCOME_INTERVAL_SECONDS,
    MAX_PROCESSING_SECONDS,
    SESSION_FINAL_SECONDS,
)
from vocobase._policy.states import CALL, Phase, outcome_form
from vocobase._waiting.finality import has_session_id, is_ongoing
from vocobase_raw.models.call import Call
from vocobase_raw.models.extraction import Extraction
from vocobase_raw.models.session import Session

NEVER_ENDED = "the end of its call was never seen"


@dataclass(frozen=True, repr=False)
class Ending(MaskedRepr):
    """The end of a call, with final results.

    Attributes:
        outcome: Disposition, or status where it has none; ``unknown`` if the end was never seen.
        ended: When it ended, in seconds since 1970.
        seconds: Its length.
        cost: Amount charged in rupees, as the API wrote it.
        extraction: Extracted values.
    """

    outcome: str
    ended: float
    seconds: float | None = None
    cost: str | None = None
    extraction: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the form that a ledger keeps."""
        form = {**vars(self), "extraction": dict(self.extraction) if self.extraction else None}
        return {name: value for name, value in form.items() if value is not None}


def needs_session(call: Call) -> bool:
    """Return whether someone talked in a call that is over, so that its session has the results."""
    talked = CALL.phase(call.status, call.ended_at) is Phase.DONE or bool(call.duration_seconds)
    return talked and has_session_id(call)


def is_settled(call: Call) -> bool:
    """Return whether the outcome of a call can no longer change; that of a conversation may follow its
    end."""
    return not is_ongoing(call) and (bool(call.disposition) or not needs_session(call))


def ending_of(call: Call, session: Session | None, dialled_at: float, now: float) -> Ending | None:
    """Return the end of a call, None while its results are not final.

    Args:
        call: The call as the list shows it; it has ended.
        session: Its session, None if it needs none or has none.
        dialled_at: When it was dialled, in seconds since 1970.
        now: The time by the ledger.
    """
    # The clock of the API may differ from that of the ledger.
    # Models keep malformed members as they are, so the declared type is not certain.
    given = cast(object, call.ended_at)
    end = given.timestamp() if isinstance(given, datetime) else now
    # Never before its start, even if a clock was set back: delays are counted from the end.
    ended = max(min(end, now), dialled_at)
    outcome = outcome_form(str(call.disposition or call.status))
    if session is None:
        # A session may appear later than the end of its call.
        if needs_session(call) and now - ended < SESSION_FINAL_SECONDS:
            return None
        return Ending(outcome, ended, _number(call.duration_seconds))
    complete = session.additional_properties.get("processing_complete")
    waited = now - ended
    if waited < (MAX_PROCESSING_SECONDS if complete is False else SESSION_FINAL_SECONDS) and not complete:
        return None
    cost = cast(object, session.credits_used)
    return Ending(
        outcome,
        ended,
        _number(session.duration_seconds),
        # A negative amount would let a budget be exceeded by that amount.
        str(Decimal(str(cost))) if is_number(cost) and cost >= 0 else None,
        _extraction(session),
    )


def _extraction(session: Session) -> dict[str, Any] | None:
    """Return the extracted values, None if there are none, or if a ledger cannot keep them."""
    extraction = cast(object, session.extraction)
    values = cast(object, extraction.values) if isinstance(extraction, Extraction) else None
    if not isinstance(values, Mapping):
        return None
    found = dict(cast("Mapping[str, Any]", values))
    return None if json_fault(found) else found


def _number(value: object) -> float | None:
    return float(value) if is_number(value) else None


def lost_ending(dialled_at: float, now: float) -> Ending | None:
    """Return the end of a call whose end was never seen, None while it may still end."""
    return Ending(UNKNOWN, now) if now - dialled_at > MAX_CALL_SECONDS else None


def next_read(dialled_at: float, now: float) -> float:
    """Return when a call that is not final is read again: the longer it lasts, the less often."""
    pause = min(max((now - dialled_at) / 10, FIRST_OUTCOME_SECONDS), MAX_OUTCOME_INTERVAL_SECONDS)
    # In whole seconds, so that calls of one moment are read and stored together.
    return float(ceil(now + pause))


@dataclass(frozen=True)
class Step:
    """The next state of a job whose call has ended.

    Attributes:
        state: ``waiting`` for another attempt, ``done`` or ``parked``.
        result: Its result.
        not_before: With ``waiting``, the time of the next attempt.
    """

    state: State
    result: dict[str, Any]
    not_before: float = 0.0


def step_after(job: Entry, call: Entry, ending: Ending, redial: Redial | None) -> Step | None:
    """Return the next state of the job of a call that ended, None if the job has it already.

    Args:
        job: The job; no worker holds it.
        call: The entry of the call that ended.
        ending: Its end.
        redial: The rules of the list; those of the job come first.
    """
    attempts = attempts_of(job)
    position = _position(attempts, call)
    if position is None:
        return None
    is_last = position == len(attempts) - 1
    # Parked because no call was found, although there is one: another worker has recorded it later.
    was_found = job.state == "parked" and attempts[position].call_id is None
    attempts[position] = _ended(replace(attempts[position], call_id=call.key), ending)
    members = {
        name: value for name, value in (job.result or {}).items() if name not in ("attempts", "call_id")
    }
    if not is_last or not (was_found or job.state == "done"):
        # A person has moved the job meanwhile: leave it there.
        return Step(job.state, with_attempts(job, attempts, **members), job.not_before)
    if ending.outcome == UNKNOWN:
        return Step("parked", with_attempts(job, attempts, reason=NEVER_ENDED))
    rules = Redial.from_json(job.payload["redial"]) if "redial" in job.payload else redial
    again = None
    if rules is not None:
        zone = _zone_of(job) if rules.call_back else None
        attempts[-1] = replace(attempts[-1], reason=call_back_fault(rules, attempts[-1], zone))
        again = next_attempt(rules, attempts, zone)
    not_after = job.payload.get("not_after")
    if rules is None or again is None or (not_after is not None and again.timestamp() > not_after):
        return Step("done", with_attempts(job, attempts))
    reason = f"{ending.outcome}; attempt {len(attempts) + 1} of {rules.max_attempts}"
    time = again.timestamp()
    return Step("waiting", with_attempts(job, attempts, reason=reason, again_at=time), time)


def _position(attempts: list[Attempt], call: Entry) -> int | None:
    """Return the attempt that waits for the outcome of a call, or None."""
    number = call.payload["attempt"]
    for position, attempt in enumerate(attempts):
        is_open = attempt.call_id == call.key and attempt.outcome is None
        was_lost = attempt.call_id is None and attempt.outcome == UNKNOWN
        if attempt.number == number and (is_open or was_lost):
            return position
    return None


def _ended(attempt: Attempt, ending: Ending) -> Attempt:
    return replace(
        attempt,
        outcome=ending.outcome,
        ended_at=moment(ending.ended),
        duration_seconds=ending.seconds,
        cost=None if ending.cost is None else Decimal(ending.cost),
        extraction=ending.extraction,
    )


def _zone_of(job: Entry) -> tzinfo | None:
    """Return the zone in which a person names times, None if it is not known."""
    try:
        zones = zones_for(window_of(job.payload), job.payload["to_number"])
    except ConfigurationError:
        # A list that is dialled at any time needs neither zones nor the package that knows them.
        return None
    return zones[0] if len(zones) == 1 else None
