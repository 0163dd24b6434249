# Derived from vocobase/_dialing/aio/outcomes.py by scripts/derive_sync.py; edit that instead.
"""What became of a start: noted, or found out without starting again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from vocobase._base.arguments import is_id
from vocobase._base.errors import VocobaseError
from vocobase._core.sync.core import Core
from vocobase._dialing.jobs import JobUpdate, update_of
from vocobase._dialing.rules import DIALLED, moment
from vocobase._ledger import Entry, Ledger, State
from vocobase._policy.retry import is_temporary
from vocobase._resources.sync.calls import Calls
from vocobase._waiting.matches import is_started_call, was_made_after, was_made_before

# Seconds to wait before each look for a call whose start had an unknown outcome.
LOOKS = (2.0, 10.0)
LOOK_AT = 500
# Leases after the claim within which a call may have been made: its request is over within one, but a slow
# server may carry it out later.
LATE = 2
# So often may the server be out of reach while a call is looked for.
FAILURES = 6


class Outcomes:
    """Settle the jobs of one list."""

    def __init__(
        self,
        core: Core,
        ledger: Ledger,
        scope: str,
        lease: float,
        on_update: Callable[[JobUpdate], None] | None,
    ) -> None:
        self._core = core
        self._runtime = core.runtime
        self._run = core.runtime.run_shielded
        self._ledger = ledger
        self._scope = scope
        self._lease = lease
        self._on_update = on_update

    def started(self, entry: Entry, call_id: str) -> None:
        """Note which call belongs to a job: first the call, so that no other job takes it for its own."""
        self._note_call(entry, call_id)
        result = {"call_id": call_id}
        if self.settle(entry, "done", result):
            return
        # Taken over meanwhile: whoever looks finds the call; who has given up looking is set right.
        self._run(self._ledger.revise, self._scope, [entry.key], "done", was="parked", result=result)

    def look_up(self, entry: Entry) -> None:
        """Find out what became of a start; never start again."""
        schedule, failures = list(LOOKS), 0
        reason = "whether it was dialled is not known, and no call was found"
        while schedule:
            self._runtime.sleep(schedule[0])
            if self.lost(entry):
                return
            try:
                call_id = self._run(self._noted, entry)
                if call_id is None and self._run(self._has_rival, entry):
                    reason = "whether it was dialled is not known, and another job is about the same number"
                    break
                call_id = call_id or self._find(entry)
            except VocobaseError as error:
                failures += 1
                if failures >= FAILURES or not is_temporary(error):
                    raise
                continue
            if call_id is not None:
                self.started(entry, call_id)
                return
            del schedule[0]
        self.settle(entry, "parked", {"reason": reason})

    def lost(self, entry: Entry) -> bool:
        """Let the lease begin anew; tell whether others have taken the job over."""
        owner, renew = entry.owner or "", self._ledger.renew
        return bool(self._run(renew, self._scope, [entry.key], owner=owner, lease=self._lease))

    def settle(self, entry: Entry, state: State, result: dict[str, Any]) -> bool:
        """End a claim and tell the user; return False when it was lost."""
        owner, settle = entry.owner or "", self._ledger.settle
        if self._run(settle, self._scope, [entry.key], state, owner=owner, result=result):
            return False
        if self._on_update is not None:
            self._on_update(update_of(replace(entry, state=state, result=result)))
        return True

    def _note_call(self, entry: Entry, call_id: str) -> bool:
        """Note a call; tell whether it belongs to this job."""
        noted = {**self._job(entry), "at": self._run(self._ledger.now)}
        if self._run(self._ledger.enter, DIALLED, [(call_id, noted)]):
            return True
        known = self._run(self._ledger.get, DIALLED, call_id)
        return known is not None and self._job(entry).items() <= known.payload.items()

    def _job(self, entry: Entry) -> dict[str, str]:
        return {"scope": self._scope, "job": entry.key}

    def _noted(self, entry: Entry) -> str | None:
        """Return the call that a worker noted before it died."""
        since = entry.claimed_at or 0.0
        return next(
            (
                call.key
                for call in self._ledger.entries(DIALLED, "waiting")
                if self._job(entry).items() <= call.payload.items() and call.payload["at"] >= since
            ),
            None,
        )

    def _has_rival(self, entry: Entry) -> bool:
        """Tell whether a call could as well belong to another job whose outcome is not known."""
        states: tuple[State, ...] = ("claimed", "parked")
        return any(
            other.key != entry.key
            and all(other.payload[name] == entry.payload[name] for name in ("agent_id", "to_number"))
            for state in states
            for other in self._ledger.entries(self._scope, state)
        )

    def _find(self, entry: Entry) -> str | None:
        """Look for the call of a job, leaving out those that belong to others."""
        since = moment(entry.claimed_at or 0.0)
        until = since + timedelta(seconds=LATE * self._lease)
        agent_id, to_number = entry.payload["agent_id"], entry.payload["to_number"]
        looked = 0
        for call in Calls(self._core).iter():
            fits = is_started_call(call, agent_id, to_number, since) and not was_made_after(call, until)
            if fits and is_id(call.call_id) and self._note_call(entry, call.call_id):
                return call.call_id
            looked += 1
            if looked >= LOOK_AT or was_made_before(call, since):
                break
        return None
