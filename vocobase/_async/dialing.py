"""Dial a list of jobs, each once: what may ring a person is written to the ledger before it is sent."""

from __future__ import annotations

import asyncio
import math
import os
import random
import socket
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from vocobase._async.core import AsyncCore
from vocobase._async.resources.calls import AsyncCalls
from vocobase._config import resolve_timeout
from vocobase._dialing import (
    DIALLED,
    LIVE,
    CallJob,
    DialReport,
    JobUpdate,
    LedgerPacer,
    Slots,
    Verdict,
    check_concurrency,
    items_of,
    moment,
    opening_of,
    put_off,
    report_of,
    scope_of,
    update_of,
    verdict_of,
)
from vocobase._errors import APIError, ConnectionFailed, LimitReached, NotFound, ServerError, VocobaseError
from vocobase._ledger import Entry, Ledger, State, async_run
from vocobase._ledger.opening import open_ledger
from vocobase._operations import Budget
from vocobase._selection import check_aware, is_started_call, was_made_before
from vocobase._values import OMIT
from vocobase._windows import CallWindow

# Seconds between two looks at a ledger that others work on, and at calls that are to end.
POLL = 5.0
# Seconds after which the account's concurrency is asked for again while there is no room.
REFRESH = 60.0
# Seconds to wait before each look for a call whose start had an unknown outcome.
LOOKS = (2.0, 10.0)
LOOK_AT = 500
# Seconds after a refusal because of the rate, where the server names none.
RATE_PAUSE = 15.0
# So often in a row may a server be out of reach.
OFFLINE = 6
# Seconds that a worker has beyond the time limit of a request before others take its job over.
MARGIN = 60.0
# Seconds for which a place in the budget may be kept.
FRESH = 1.0
# Seconds after which a call that is nowhere to be seen counts as over.
LONGEST_CALL = 7200.0

TEMPORARY = (ConnectionFailed, LimitReached, ServerError)


async def start_many(
    core: AsyncCore,
    jobs: Iterable[CallJob],
    *,
    ledger: str | os.PathLike[str] | Ledger,
    name: str,
    concurrency: object,
    window: CallWindow | None,
    wait_for_windows: bool,
    until: datetime | None,
    on_update: Callable[[JobUpdate], None] | None,
) -> DialReport:
    """Dial a list of jobs; see ``calls.start_many``."""
    cap = check_concurrency(concurrency)
    if until is not None:
        check_aware(until, "calls.start_many: until")
    book = await async_run(open_ledger, ledger)
    try:
        dialer = AsyncDialer(
            core,
            book,
            name,
            cap=cap,
            wait_for_windows=wait_for_windows,
            until=until,
            on_update=on_update,
        )
        return await dialer.run(jobs, window)
    finally:
        if book is not ledger:
            book.close()


class AsyncDialer:
    """One worker on one list; see ``calls.start_many``."""

    def __init__(
        self,
        core: AsyncCore,
        ledger: Ledger,
        name: str,
        *,
        cap: int | None,
        wait_for_windows: bool,
        until: datetime | None,
        on_update: Callable[[JobUpdate], None] | None,
    ) -> None:
        self._core = core.paced()
        self._shared = core.view(pacer=LedgerPacer(ledger))
        # Every attempt takes its place in the budgets, so the client must not repeat by itself.
        self._calls = AsyncCalls(core.view(pacer=None, max_retries=0))
        self._ledger = ledger
        self._name = name
        self._scope = scope_of(name)
        # Claims of two kinds: what was claimed to be dialled, and what another worker may have dialled.
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
        self._heir = f"{self._owner}:heir"
        self._lease = (core.options.timeout or resolve_timeout(30.0)).total + MARGIN
        self._slots = Slots(cap)
        self._asked: float | None = None
        self._placed = -math.inf
        self._sent: str | None = None
        self._offline = 0
        self._wait_for_windows = wait_for_windows
        self._until = until
        self._on_update = on_update

    async def run(self, jobs: Iterable[CallJob], window: CallWindow | None) -> DialReport:
        """Enter the jobs, and dial until there is nothing left to do."""
        await async_run(self._ledger.enter, self._scope, items_of(jobs, window))
        await async_run(put_off, self._ledger, self._scope)
        try:
            while (pause := await self._pause()) is not None:
                if pause:
                    await asyncio.sleep(pause)
                else:
                    await self._step()
        except BaseException:
            with suppress(VocobaseError):
                await self._leave()
            raise
        return await async_run(report_of, self._ledger, self._name)

    async def _pause(self) -> float | None:
        """Return the seconds until there is something to do, None when there is nothing left."""
        if self._until is not None:
            left = self._until.timestamp() - await async_run(self._ledger.now)
            if left <= 0:
                return None
        for entry in await async_run(self._ledger.take_over, self._scope, self._heir, 1, lease=self._lease):
            await self._look_up(entry)
        due = await async_run(self._ledger.next_due, self._scope)
        if due == 0:
            return 0.0
        busy = (await async_run(self._ledger.counts, self._scope))["claimed"]
        if not busy and (due is None or not self._wait_for_windows):
            return None
        return min(POLL, due or POLL)

    async def _step(self) -> None:
        """Dial one job, if there is a slot for it."""
        if not await self._has_slot():
            await asyncio.sleep(POLL)
            return
        # A place that was not used is good for the next job, but not for long.
        if time.monotonic() - self._placed > FRESH:
            await self._place(Budget.CALLS)
            self._placed = time.monotonic()
        claimed = time.monotonic()
        self._sent = None
        for entry in await async_run(self._ledger.claim, self._scope, self._owner, 1, lease=self._lease):
            if await self._may_dial(entry):
                # A machine that slept meanwhile must not dial what others have taken over.
                if time.monotonic() - claimed < self._lease / 2:
                    await self._dial(entry)
                else:
                    await self._give_back(entry)

    async def _may_dial(self, entry: Entry) -> bool:
        """Tell whether a job may be dialled now; if not, it is settled."""
        now = moment(await async_run(self._ledger.now))
        try:
            opening = opening_of(entry.payload, now)
        except LookupError as error:
            await self._settle(entry, "refused", {"reason": str(error)})
            return False
        if opening > now:
            await self._give_back(entry)
            # Its hours are over, and so may be those of many others.
            await async_run(put_off, self._ledger, self._scope)
            return False
        # Two that claimed at once have each seen one free slot: counted again, with all claims.
        if self._slots.fit(await self._ours()):
            return True
        await self._give_back(entry)
        await asyncio.sleep(random.random())
        return False

    async def _dial(self, entry: Entry) -> None:
        job = entry.payload
        self._sent, self._placed = entry.key, -math.inf
        try:
            call = await self._calls.start(
                job["agent_id"],
                job["to_number"],
                provider=job.get("provider", OMIT),
                variables=job.get("variables", OMIT),
                connection_id=job.get("connection_id", OMIT),
            )
        except VocobaseError as error:
            await self._failed(entry, error, verdict_of(error))
            return
        self._offline = 0
        if isinstance(cast(object, call.call_id), str) and call.call_id:
            await self._started(entry, call.call_id)
        else:
            await self._look_up(entry)

    async def _failed(self, entry: Entry, error: VocobaseError, verdict: Verdict) -> None:
        if verdict is Verdict.LOOK:
            await self._look_up(entry)
            return
        self._sent = None
        if verdict is Verdict.REFUSE:
            code = error.code if isinstance(error, APIError) else ""
            await self._settle(entry, "refused", {"code": code, "reason": error.message})
            return
        await self._give_back(entry)
        self._offline = self._offline + 1 if verdict is Verdict.OFFLINE else 0
        if verdict is Verdict.STOP or self._offline >= OFFLINE:
            raise error
        if verdict is Verdict.SLOT:
            self._asked = None
            await asyncio.sleep(POLL)
        elif verdict is Verdict.RATE:
            wished = error.retry_after if isinstance(error, APIError) else None
            await asyncio.sleep(wished or RATE_PAUSE * (1 + random.random()))
        else:
            await asyncio.sleep(2.0**self._offline)

    async def _started(self, entry: Entry, call_id: str) -> None:
        """Note which call belongs to a job: first the call, so that no other job takes it for its own."""
        await self._note_call(entry, call_id)
        result = {"call_id": call_id}
        if await self._settle(entry, "done", result):
            return
        # Taken over meanwhile: whoever looks finds the call; who has given up looking is set right.
        await async_run(self._ledger.revise, self._scope, [entry.key], "done", was="parked", result=result)

    async def _note_call(self, entry: Entry, call_id: str) -> bool:
        """Note a call; tell whether it belongs to this job."""
        belongs = {"scope": self._scope, "job": entry.key}
        noted = {**belongs, "at": await async_run(self._ledger.now)}
        if await async_run(self._ledger.enter, DIALLED, [(call_id, noted)]):
            return True
        known = await async_run(self._ledger.get, DIALLED, call_id)
        return known is not None and belongs.items() <= known.payload.items()

    async def _look_up(self, entry: Entry) -> None:
        """Find out what became of a start; never start again."""
        looks, failures = list(LOOKS), 0
        reason = "whether it was dialled is not known, and no call was found"
        while looks:
            await asyncio.sleep(looks[0])
            if await self._lost(entry):
                return
            if await self._has_rival(entry):
                reason = "whether it was dialled is not known, and another job is about the same number"
                break
            try:
                call_id = await self._find(entry)
            except TEMPORARY:
                failures += 1
                if failures >= OFFLINE:
                    raise
                continue
            if call_id is not None:
                await self._started(entry, call_id)
                return
            del looks[0]
        await self._settle(entry, "parked", {"reason": reason})

    async def _lost(self, entry: Entry) -> bool:
        renew = self._ledger.renew
        return bool(
            await async_run(renew, self._scope, [entry.key], owner=entry.owner or "", lease=self._lease)
        )

    async def _has_rival(self, entry: Entry) -> bool:
        """Tell whether a call could as well belong to another job whose outcome is not known."""

        def same(other: Entry) -> bool:
            return all(other.payload[name] == entry.payload[name] for name in ("agent_id", "to_number"))

        def rivals() -> bool:
            states: tuple[State, ...] = ("claimed", "parked")
            return any(
                same(other) and other.key != entry.key
                for state in states
                for other in self._ledger.entries(self._scope, state)
            )

        return await async_run(rivals)

    async def _find(self, entry: Entry) -> str | None:
        """Look for the call of a job, leaving out those that belong to others."""
        since = moment(entry.claimed_at or 0.0)
        agent_id, to_number = entry.payload["agent_id"], entry.payload["to_number"]
        looked = 0
        async for call in AsyncCalls(self._core).iter():
            if is_started_call(call, agent_id, to_number, since) and await self._note_call(
                entry, call.call_id
            ):
                return call.call_id
            looked += 1
            if looked >= LOOK_AT or was_made_before(call, since):
                break
        return None

    async def _has_slot(self) -> bool:
        """Tell whether one more call may be live, asking the API as rarely as possible."""
        ours = await self._ours()
        if self._asked is None:
            ours = await self._read_ends()
            await self._ask(ours)
        if self._slots.fit(ours + 1):
            return True
        ours = await self._read_ends()
        if not self._slots.fit(ours + 1) and time.monotonic() - (self._asked or 0.0) > REFRESH:
            await self._ask(ours)
        return self._slots.fit(ours + 1)

    async def _ours(self) -> int:
        """Count the calls of this ledger that may be live, those that are being started included."""

        def count() -> int:
            return self._ledger.counts(DIALLED)["waiting"] + self._ledger.counts(self._scope)["claimed"]

        return await async_run(count)

    async def _ask(self, ours: int) -> None:
        await self._place(Budget.CALLS)
        self._asked = time.monotonic()
        with suppress(*TEMPORARY):
            told = await self._calls.concurrency()
            self._slots.learn(told.limit, told.active, ours)

    async def _read_ends(self) -> int:
        """Note which calls are over; one page tells most of them."""

        def live() -> dict[str, float]:
            return {call.key: call.payload["at"] for call in self._ledger.entries(DIALLED, "waiting")}

        open_calls = await async_run(live)
        if open_calls:
            with suppress(*TEMPORARY):
                await self._place(Budget.GENERAL)
                rows = {call.call_id: str(call.status) for call in await self._calls.list(limit=100)}
                over = [call_id for call_id in open_calls if rows.get(call_id, "pending") not in LIVE]
                missing = sorted((at, call_id) for call_id, at in open_calls.items() if call_id not in rows)
                now = await async_run(self._ledger.now)
                over += [call_id for at, call_id in missing if now - at > LONGEST_CALL]
                if missing and await self._is_over(missing[-1][1]):
                    over.append(missing[-1][1])
                await async_run(self._ledger.revise, DIALLED, over, "done", was="waiting")
        return await self._ours()

    async def _is_over(self, call_id: str) -> bool:
        await self._place(Budget.CALLS)
        try:
            return str((await self._calls.get(call_id)).status) not in LIVE
        except NotFound:
            return True

    async def _place(self, budget: Budget) -> None:
        """Wait for a place in the budgets of this process and of all that share the ledger."""
        for core in (self._core, self._shared):
            while seconds := await core.reserve(budget):
                await asyncio.sleep(seconds)

    async def _give_back(self, entry: Entry) -> None:
        """Let a job that was certainly not dialled wait again."""
        await async_run(self._ledger.settle, self._scope, [entry.key], "waiting", owner=self._owner)

    async def _settle(self, entry: Entry, state: State, result: dict[str, Any]) -> bool:
        """End a claim and tell the user; return False when it was lost."""
        owner = entry.owner or ""
        settle = self._ledger.settle
        if await async_run(settle, self._scope, [entry.key], state, owner=owner, result=result):
            return False
        if self._on_update is not None:
            self._on_update(update_of(replace(entry, state=state, result=result)))
        return True

    async def _leave(self) -> None:
        """Give back what was certainly not sent; let others look up at once what may have been."""

        def leave() -> None:
            for entry in list(self._ledger.entries(self._scope, "claimed")):
                if entry.owner == self._owner and entry.key != self._sent:
                    self._ledger.settle(self._scope, [entry.key], "waiting", owner=self._owner)
                elif entry.owner in (self._owner, self._heir):
                    self._ledger.renew(self._scope, [entry.key], owner=entry.owner, lease=0)

        await async_run(leave)
