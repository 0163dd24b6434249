# Derived from vocobase/_dialing/aio/outcomes.py by scripts/derive_sync.py; edit that instead.
"""The outcome of a start: recorded, or found without starting again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from vocobase._base.arguments import is_id
from vocobase._base.errors import VocobaseError
from vocobase._core.sync.core import Core
from vocobase._dialing.attempts import UNKNOWN, Attempt, attempt_of, attempts_of, call_note, with_attempts
from vocobase._dialing.jobs import JobUpdate, update_of
from vocobase._dialing.rules import moment
from vocobase._dialing.scopes import DIALLED, outcomes_of, scope_of
from vocobase._ledger import Entry, Ledger, State
from vocobase._policy.cadence import (
    MAX_LATE_LEASES,
    MAX_OFFLINE_FAILURES,
    MAX_SEARCHED_CALLS,
    SEARCH_DELAYS_SECONDS,
)
from vocobase._policy.retry import is_temporary
from vocobase._waiting.matches import is_started_call, was_created_after, was_created_before
from vocobase_raw.api.calls import list_ as calls_list
from vocobase_raw.models.call import Call
from vocobase_raw.types import OperationRequest


class Outcomes:
    """Settle the jobs of one list.

    Args:
        core: Sends the requests, paced.
        ledger: Where the list is.
        name: The list.
        lease: Seconds of a claim.
        on_update: Called with every job that is settled.
    """

    def __init__(
        self,
        core: Core,
        ledger: Ledger,
        name: str,
        lease: float,
        on_update: Callable[[JobUpdate], None],
    ) -> None:
        self._core = core
        self._runtime = core.runtime
        self._run = core.runtime.run_shielded
        self._ledger = ledger
        self._scope, self._calls = scope_of(name), outcomes_of(name)
        self._lease = lease
        self._on_update = on_update

    def started(self, entry: Entry, call_id: str) -> None:
        """Record the call of a job: first the call, so that no other job claims it as its own."""
        self._note_call(entry, call_id)
        attempt = attempt_of(entry, call_id=call_id)
        # Before the job, so that every call that a job shows is read until its outcome is known.
        self._run(self._ledger.enter, self._calls, [(call_id, call_note(entry, attempt))])
        result = with_attempts(entry, [*attempts_of(entry), attempt])
        if self.settle(entry, "done", result):
            return
        # Taken over meanwhile: a worker that is searching finds the call; one that has given up is corrected
        # here.
        self._run(self._correct, entry.key, attempt)

    def _correct(self, key: str, attempt: Attempt) -> None:
        """Record a call in a job that was parked without it, unless the job has been moved meanwhile."""
        job = self._ledger.get(self._scope, key)
        if job is None or job.state != "parked":
            return
        # Workers of versions before redial park a job without its attempt.
        lost = (attempt.number, None, UNKNOWN)
        attempts = [each for each in attempts_of(job) if (each.number, each.call_id, each.outcome) != lost]
        if len(attempts) == attempt.number - 1:
            result = with_attempts(job, [*attempts, attempt])
            self._ledger.revise(self._scope, [key], "done", was="parked", result=result, expected=job.result)

    def verify(self, entry: Entry) -> None:
        """Find the call of a start whose outcome is unknown, or park the job; never start again."""
        delays, failures = list(SEARCH_DELAYS_SECONDS), 0
        reason = "it may have been dialled, and no call was found"
        while delays:
            self._runtime.sleep(delays[0])
            if self.lost(entry):
                return
            try:
                call_id = self._run(self._noted, entry)
                if call_id is None and self._run(self._has_rival, entry):
                    reason = "it may have been dialled, and another job has the same number"
                    break
                call_id = call_id or self._find(entry)
            except VocobaseError as error:
                failures += 1
                if failures >= MAX_OFFLINE_FAILURES or not is_temporary(error):
                    raise
                continue
            if call_id is not None:
                self.started(entry, call_id)
                return
            del delays[0]
        attempts = [*attempts_of(entry), attempt_of(entry, outcome=UNKNOWN)]
        self.settle(entry, "parked", with_attempts(entry, attempts, reason=reason))

    def lost(self, entry: Entry) -> bool:
        """Renew the lease; return whether another worker has taken the job over."""
        owner, renew = entry.owner or "", self._ledger.renew
        return bool(self._run(renew, self._scope, [entry.key], owner=owner, lease=self._lease))

    def settle(self, entry: Entry, state: State, result: dict[str, Any]) -> bool:
        """End a claim and report it to the user; return False if it was lost."""
        owner, settle = entry.owner or "", self._ledger.settle
        if self._run(settle, self._scope, [entry.key], state, owner=owner, result=result):
            return False
        self._on_update(update_of(replace(entry, state=state, result=result)))
        return True

    def refuse(self, entry: Entry, code: str, reason: str) -> None:
        """Settle a job that is not dialled; one that was dialled before is finished."""
        attempts = attempts_of(entry)
        result = with_attempts(entry, attempts, code=code, reason=reason)
        self.settle(entry, "done" if attempts else "refused", result)

    def _note_call(self, entry: Entry, call_id: str) -> bool:
        """Record a call; return whether it belongs to this attempt."""
        noted = {**self._job(entry), "at": self._run(self._ledger.now)}
        if self._run(self._ledger.enter, DIALLED, [(call_id, noted)]):
            return True
        known = self._run(self._ledger.get, DIALLED, call_id)
        return known is not None and self._is_of(entry, known)

    def _job(self, entry: Entry) -> dict[str, Any]:
        return {"scope": self._scope, "job": entry.key, "attempt": len(attempts_of(entry)) + 1}

    def _is_of(self, entry: Entry, call: Entry) -> bool:
        """Return whether a call belongs to this attempt, regardless of clocks."""
        # Records of versions before redial name no attempt.
        return self._job(entry).items() <= {"attempt": 1, **call.payload}.items()

    def _noted(self, entry: Entry) -> str | None:
        """Return the call that a worker recorded before it died."""
        since = entry.claimed_at or 0.0
        return next(
            (
                call.key
                for call in self._ledger.entries(DIALLED, "waiting")
                if self._is_of(entry, call) and call.payload["at"] >= since
            ),
            None,
        )

    def _has_rival(self, entry: Entry) -> bool:
        """Return whether a call could belong to another job whose outcome is unknown."""
        states: tuple[State, ...] = ("claimed", "parked")
        return any(
            other.key != entry.key
            and all(other.payload[name] == entry.payload[name] for name in ("agent_id", "to_number"))
            for state in states
            for other in self._ledger.entries(self._scope, state)
        )

    def _find(self, entry: Entry) -> str | None:
        """Search for the call of a job, without those that belong to other jobs."""
        since = moment(entry.claimed_at or 0.0)
        until = since + timedelta(seconds=MAX_LATE_LEASES * self._lease)
        agent_id, to_number = entry.payload["agent_id"], entry.payload["to_number"]
        seen = 0
        calls = self._core.walk(_page_at, "calls", Call.from_dict, lambda call: call.call_id)
        for call in calls:
            fits = is_started_call(call, agent_id, to_number, since) and not was_created_after(call, until)
            if fits and is_id(call.call_id) and self._note_call(entry, call.call_id):
                return call.call_id
            seen += 1
            if seen >= MAX_SEARCHED_CALLS or was_created_before(call, since):
                break
        return None


def _page_at(offset: int) -> OperationRequest:
    return calls_list.build(limit=100, offset=offset)
