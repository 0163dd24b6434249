"""The events of webhooks, for those who cannot receive them: by looking at the calls."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self, cast

from vocobase._base.errors import (
    ConnectionFailedError,
    InvalidArgumentError,
    NotFoundError,
    ValidationFailedError,
    VocobaseError,
    one_line,
)
from vocobase._core.aio.core import AsyncCore
from vocobase._events.cursor import Cursor, starts_of
from vocobase._events.event import event_of, session_of
from vocobase._policy.cadence import MAX_OPEN_CALLS, MAX_PROCESSING_SECONDS
from vocobase._policy.states import CALL, CALL_LIVE, Phase
from vocobase._resources.aio.calls import AsyncCalls
from vocobase._resources.aio.sessions import AsyncSessions
from vocobase._waiting.aio.calls import PAGE, AsyncCallFollower
from vocobase._waiting.aio.schedule import AsyncPollSchedule, OutOfTime
from vocobase.webhooks import SessionCompleted
from vocobase_raw.models.call import Call
from vocobase_raw.models.call_details import CallDetails
from vocobase_raw.models.session import Session

log = logging.getLogger("vocobase")


@dataclass(eq=False, slots=True)
class _Over:
    """A call that is over, whose event was not given; ``due`` is when to read its session."""

    call_id: str
    call: CallDetails
    since: float
    due: float


class AsyncEventPoll:
    """An iterator over the events of calls as they end; see ``events.poll``."""

    def __init__(self, core: AsyncCore, cursor: Cursor, *, interval: float, timeout: float | None) -> None:
        self._cursor = cursor
        self._schedule = AsyncPollSchedule(core, timeout, interval=interval, longest=interval)
        self._follower = _Discovery(self._schedule, cursor)
        self._over: list[_Over] = []
        self._began = False

    @property
    def cursor(self) -> str:
        """Text from which another poll can go on; before the first look it stands for the beginning.

        Every event that the iterator has given counts as done, so keep it after the work on an event.
        """
        return self._cursor.dump()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionCompleted:
        try:
            # Who works on each event for long would otherwise never see the end: something is always due.
            while not self._began or self._schedule.remaining() > 0:
                self._began = True
                if (event := await self._next()) is not None:
                    return event
                if (seconds := self._due()) > 0:
                    await self._schedule.pause(seconds)
        except OutOfTime:
            pass
        raise StopAsyncIteration

    async def _next(self) -> SessionCompleted | None:
        for result in await self._follower.step():
            if result.call is None or isinstance(result.error, NotFoundError):
                gone = one_line(result.call_id)
                log.warning("events.poll: call %s is gone, there is no event for it", gone)
                self._cursor.close(result.call_id)
            else:
                now = self._schedule.now()
                self._over.append(_Over(result.call_id, result.call, since=now, due=now))
        # The others do not wait for one that cannot be read.
        over = next((over for over in self._over if over.due <= self._schedule.now()), None)
        if over is None:
            return None
        try:
            session = await self._session(over.call)
        except VocobaseError as error:
            try:
                self._schedule.tolerate(error)
            finally:
                over.due = self._schedule.soon()
            if (
                isinstance(error, ConnectionFailedError)
                or self._schedule.now() - over.since < MAX_PROCESSING_SECONDS
            ):
                return None
            session = None
        event = event_of(over.call_id, over.call, session)
        # Last, so that Ctrl-C never leaves a cursor that counts an event nobody got.
        self._over.remove(over)
        self._cursor.close(over.call_id)
        return event

    def _due(self) -> float:
        now = self._schedule.now()
        return min([self._follower.due(), *(over.due - now for over in self._over)])

    async def _session(self, call: CallDetails) -> Session | None:
        session_id = session_of(call)
        if session_id is None:
            return None
        try:
            return await AsyncSessions(await self._schedule.general()).get(session_id)
        except (NotFoundError, ValidationFailedError, InvalidArgumentError):
            return None


class _Discovery(AsyncCallFollower):
    """Follow the calls of a cursor, and all that are new."""

    always = True

    def __init__(self, schedule: AsyncPollSchedule, cursor: Cursor) -> None:
        super().__init__(
            schedule, name="events.poll", details=lambda call: True, patience=MAX_PROCESSING_SECONDS
        )
        self._cursor = cursor
        self._mark = cursor.mark
        for call_id in cursor.open:
            self.add(call_id)

    def goes_on(self, page: list[Call]) -> bool:
        """Tell whether calls on older pages may be new."""
        if self._mark is None:
            self._mark = min(max(starts_of(page).values(), default=0.0), self._schedule.runtime.time())
        return not self._is_full() and self._cursor.reaches(page, self._mark)

    def _is_full(self) -> bool:
        # A long backlog is worked off before more is looked for; calls that go on, or hang, are none.
        known = [call for call in self._open.values() if call is not None]
        phases = [CALL.phase(call.status, call.ended_at) for call in known]
        return len(self._cursor.open) - phases.count(Phase.ONGOING) > MAX_OPEN_CALLS // 2

    async def walked(self, rows: Mapping[str, Call]) -> None:
        """Take the new calls into the cursor."""
        # What has no identifier cannot be followed.
        rows = {call_id: row for call_id, row in rows.items() if isinstance(cast(object, call_id), str)}
        if self._cursor.mark is None:
            self._cursor.begin(rows, await self._live(), self._schedule.runtime.time())
            found = list(self._cursor.open)
        elif self._is_full():
            found = []
        else:
            found = self._cursor.advance(rows, self._schedule.runtime.time())
        self._mark = self._cursor.mark
        for call_id in found:
            self.add(call_id)

    async def _live(self) -> list[Call]:
        found: list[Call] = []
        # In the order in which a call goes through them: one that moves on meanwhile is met again.
        for status in CALL_LIVE:
            offset = 0
            while True:
                calls = AsyncCalls(await self._schedule.general())
                page = await calls.list(limit=PAGE, offset=offset, status=status)
                found += [row for row in page if isinstance(cast(object, row.call_id), str)]
                offset += len(page)
                if not page.has_next:
                    break
        return found
