"""Read how the calls of a list ended, and requeue the jobs that are dialled again.

Each call is an entry of its own in the ledger, claimed by the worker that reads it. The job is changed first,
and only if it is still as it was read; then the entry is settled. A worker that dies in between leaves an
entry that another one takes over, and the job shows that the end was recorded.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import replace

from vocobase._base.arguments import is_id
from vocobase._base.errors import NotFoundError
from vocobase._core.aio.core import AsyncCore
from vocobase._dialing.aio.slots import AsyncSlotKeeper
from vocobase._dialing.do_not_call import note_opt_out
from vocobase._dialing.endings import (
    Ending,
    Step,
    ending_of,
    is_settled,
    lost_ending,
    needs_session,
    next_read,
    step_after,
)
from vocobase._dialing.jobs import JobUpdate, update_of
from vocobase._dialing.list_settings import ListSettings
from vocobase._dialing.redial import Redial
from vocobase._dialing.rules import moment, tolerating
from vocobase._dialing.scopes import outcomes_of, scope_of
from vocobase._ledger import Entry, Ledger, State
from vocobase._policy.cadence import (
    FIRST_OUTCOME_SECONDS,
    MAX_DEEP_PAGES,
    MAX_KEPT_ROWS,
    MAX_OUTCOMES,
    MAX_PAGES,
    MAX_SINGLE_READS,
)
from vocobase._policy.operations import Budget
from vocobase._waiting.finality import is_ongoing
from vocobase._waiting.matches import was_created_before
from vocobase_raw.api.calls import get as calls_get
from vocobase_raw.api.calls import list_ as calls_list
from vocobase_raw.api.sessions import get as sessions_get
from vocobase_raw.models.call import Call
from vocobase_raw.models.session import Session


class AsyncResults:
    """Read the outcomes of one list.

    Args:
        core: Sends the requests.
        slots: Acquires a permit before each of them.
        ledger: Where the list is.
        name: The list.
        owner: The worker.
        lease: Seconds of a claim.
        on_update: Called with every job whose outcome is known.
    """

    def __init__(
        self,
        core: AsyncCore,
        slots: AsyncSlotKeeper,
        ledger: Ledger,
        name: str,
        owner: str,
        lease: float,
        on_update: Callable[[JobUpdate], None],
    ) -> None:
        self._core = core
        self._acquire = slots.acquire
        self._runtime = core.runtime
        self._run = core.runtime.run_shielded
        self._ledger = ledger
        self._jobs, self._scope = scope_of(name), outcomes_of(name)
        self._owner = owner
        self._lease = lease
        self._on_update = on_update
        # Calls that have ended, as older pages have shown them.
        self._ended: dict[str, Call] = {}

    async def read(self, settings: ListSettings) -> float | None:
        """Read the outcomes that are due.

        Args:
            settings: The settings of the list.

        Returns:
            Seconds until others are due, None if no call of the list is without an outcome.
        """
        entries = await self._run(self._claim)
        if entries:
            try:
                await self._read(entries, settings)
            finally:
                await self._run(self._return, entries)
        return await self._run(self._outlook)

    def has_redial(self) -> bool:
        """Return whether a job without a known outcome has rules of its own for further attempts."""
        states: tuple[State, ...] = ("waiting", "claimed")
        calls = (entry for state in states for entry in self._ledger.entries(self._scope, state))
        return any(call.payload["redial"] for call in calls)

    def leave(self) -> None:
        """Release the entries that this worker still holds."""
        for entry in list(self._ledger.entries(self._scope, "claimed")):
            if entry.owner == self._owner:
                self._ledger.settle(self._scope, [entry.key], "waiting", owner=self._owner)

    def _claim(self) -> list[Entry]:
        work, lease = (self._scope, self._owner), self._lease
        gone = self._ledger.take_over(*work, MAX_OUTCOMES, lease=lease)
        return gone or self._ledger.claim(*work, MAX_OUTCOMES, lease=lease)

    def _outlook(self) -> float | None:
        # Counted in one query: between two, an entry may move from one state to the other.
        counts = self._ledger.counts(self._scope)
        if not counts["waiting"] and not counts["claimed"]:
            return None
        due = self._ledger.next_due(self._scope)
        return FIRST_OUTCOME_SECONDS if due is None else due

    async def _read(self, entries: list[Entry], settings: ListSettings) -> None:
        # Only reads are retried later: an error of the user's callback ends the run.
        async for entry, ending in self._endings(entries):
            if await self._run(self._is_ours, entry):
                await self._note(entry, ending, settings)

    async def _endings(self, entries: list[Entry]) -> AsyncIterator[tuple[Entry, Ending]]:
        """Yield the calls that have ended, until a read fails that may succeed later."""
        with tolerating():
            rows = await self._rows({entry.key: entry.payload["at"] for entry in entries})
            for entry in entries:
                # A call that was not read in this round may have ended, so it is not lost.
                ending = await self._ending(entry, rows[entry.key]) if entry.key in rows else None
                if ending is not None:
                    yield entry, ending

    async def _rows(self, calls: Mapping[str, float]) -> dict[str, Call | None]:
        """Return the calls that can be read in one round; None for one that does not exist.

        Args:
            calls: When each call was dialled, in seconds since 1970, by call.
        """
        rows: dict[str, Call | None] = {
            call_id: self._ended.pop(call_id) for call_id in calls if call_id in self._ended
        }
        missing = calls.keys() - rows.keys()
        if missing:
            rows |= await self._listed({call_id: calls[call_id] for call_id in missing})
        if unseen := sorted(missing - rows.keys()):
            # One more request at most: these routes share the budget of the starts. A random call, as the
            # same one may stay unknown for long.
            call_id = unseen[int(self._runtime.random() * len(unseen))]
            rows[call_id] = await self._alone(call_id)
        return rows

    async def _listed(self, calls: Mapping[str, float]) -> dict[str, Call]:
        """Return the calls that pages contain."""
        found: dict[str, Call] = {}
        oldest = moment(min(calls.values()))
        pages = MAX_PAGES if len(calls) <= MAX_SINGLE_READS else MAX_DEEP_PAGES
        for number in range(pages):
            await self._acquire(Budget.GENERAL)
            page = await self._core.page(
                calls_list.build(limit=100, offset=100 * number), "calls", Call.from_dict
            )
            rows = {call.call_id: call for call in page if is_id(call.call_id)}
            found |= {call_id: call for call_id, call in rows.items() if call_id in calls}
            if number:
                # Those of later rounds, so that these need not read as many pages.
                self._keep(call for call in rows.values() if call.call_id not in calls)
            if len(found) == len(calls) or not page.has_next or was_created_before(page[-1], oldest):
                break
        return found

    def _keep(self, calls: Iterable[Call]) -> None:
        kept = self._ended if len(self._ended) < MAX_KEPT_ROWS else {}
        self._ended = kept | {call.call_id: call for call in calls if is_settled(call)}

    async def _alone(self, call_id: str) -> Call | None:
        await self._acquire(Budget.CALLS)
        try:
            details = await self._core.call(calls_get.build(call_id), calls_get.parse)
        except NotFoundError:
            return None
        return Call.from_dict(details.to_dict())

    async def _ending(self, entry: Entry, call: Call | None) -> Ending | None:
        now, dialled_at = await self._run(self._ledger.now), entry.payload["at"]
        if call is None or is_ongoing(call):
            return lost_ending(dialled_at, now)
        session: Session | None = None
        if needs_session(call):
            await self._acquire(Budget.GENERAL)
            try:
                session = await self._core.call(sessions_get.build(call.session_id), sessions_get.parse)
            except NotFoundError:
                session = None
        return ending_of(call, session, dialled_at, now)

    def _is_ours(self, entry: Entry) -> bool:
        return not self._ledger.renew(self._scope, [entry.key], owner=self._owner, lease=self._lease)

    async def _note(self, entry: Entry, ending: Ending, settings: ListSettings) -> None:
        """Record an end in its job, then in its own entry."""
        # First of all, so that no person who has opted out is dialled again.
        number, values = entry.payload["number"], ending.extraction
        await self._run(note_opt_out, self._ledger, number, ending.outcome, values, settings.opt_out)
        done, update = await self._run(self._move, entry, ending, settings.redial)
        if done:
            settle, result = self._ledger.settle, ending.to_json()
            await self._run(settle, self._scope, [entry.key], "done", owner=self._owner, result=result)
        if update is not None:
            self._on_update(update)

    def _move(self, entry: Entry, ending: Ending, redial: Redial | None) -> tuple[bool, JobUpdate | None]:
        """Return whether the job has the end, and its update if it was recorded now."""
        key = entry.payload["job"]
        while (job := self._ledger.get(self._jobs, key)) is not None:
            if job.state == "claimed":
                # Its start is being recorded, or a person has had it dialled again: later.
                return False, None
            step = step_after(job, entry, ending, redial)
            if step is None:
                break
            if self._change(job, step):
                changed = replace(job, state=step.state, result=step.result, not_before=step.not_before)
                return True, update_of(changed)
        return True, None

    def _change(self, job: Entry, step: Step) -> bool:
        """Change a job that is still as it was read."""
        return not self._ledger.revise(
            self._jobs,
            [job.key],
            step.state,
            was=job.state,
            result=step.result,
            not_before=step.not_before,
            expected=job.result,
        )

    def _return(self, entries: list[Entry]) -> None:
        """Requeue the calls without an outcome; those that were settled stay so."""
        now = self._ledger.now()
        times: dict[float, list[str]] = {}
        for entry in entries:
            times.setdefault(next_read(entry.payload["at"], now), []).append(entry.key)
        for time, keys in times.items():
            self._ledger.settle(self._scope, keys, "waiting", owner=self._owner, not_before=time)
