# Derived from vocobase/_async by scripts/derive_sync.py; edit that instead.
"""The events of webhooks, for those who cannot receive them: by looking at the calls."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Mapping
from typing import Self

from vocobase._cursor import Cursor, start_of
from vocobase._errors import NotFound, VocobaseError
from vocobase._polled import event_of
from vocobase._states import CALL_LIVE, LONGEST_PROCESSING, MOST_OPEN
from vocobase._sync.core import Core
from vocobase._sync.following import PAGE, CallFollower
from vocobase._sync.resources.calls import Calls
from vocobase._sync.resources.sessions import Sessions
from vocobase._sync.waiting import Looks, OutOfTime
from vocobase.webhooks import SessionCompleted
from vocobase_raw.models.call import Call
from vocobase_raw.models.call_details import CallDetails
from vocobase_raw.models.session import Session

log = logging.getLogger("vocobase")


class EventPoll:
    """An iterator over the events of calls as they end; see ``events.poll``."""

    def __init__(self, core: Core, cursor: Cursor, *, interval: float, timeout: float | None) -> None:
        self._cursor = cursor
        self._looks = Looks(core, timeout, interval=interval, longest=interval)
        self._follower = _Discovery(self._looks, cursor)
        self._over: deque[tuple[str, CallDetails]] = deque()

    @property
    def cursor(self) -> str:
        """Text from which another poll can go on; before the first look it stands for the beginning.

        Every event that the iterator has given counts as done, so keep it after the work on an event.
        """
        return self._cursor.dump()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> SessionCompleted:
        try:
            while True:
                if (event := self._next()) is not None:
                    return event
                if (seconds := self._follower.due()) > 0:
                    self._looks.pause(seconds)
        except OutOfTime:
            raise StopIteration from None

    def _next(self) -> SessionCompleted | None:
        if not self._over:
            for result in self._follower.step():
                if result.call is None or isinstance(result.error, NotFound):
                    log.warning("events.poll: call %s is gone, there is no event for it", result.call_id)
                    self._cursor.close(result.call_id)
                else:
                    self._over.append((result.call_id, result.call))
        if not self._over:
            return None
        call_id, call = self._over[0]
        try:
            session = self._session(call)
        except VocobaseError as error:
            self._looks.forgive(error)
            self._looks.pause(self._looks.soon() - self._looks.now())
            return None
        self._over.popleft()
        self._cursor.close(call_id)
        return event_of(call, session)

    def _session(self, call: CallDetails) -> Session | None:
        if not call.session_id:
            return None
        try:
            return Sessions(self._looks.general()).get(call.session_id)
        except NotFound:
            return None


class _Discovery(CallFollower):
    """Follow the calls of a cursor, and all that are new."""

    always = True

    def __init__(self, looks: Looks, cursor: Cursor) -> None:
        super().__init__(looks, name="events.poll", details=lambda call: True, patience=LONGEST_PROCESSING)
        self._cursor = cursor
        self._mark = cursor.mark
        for call_id in cursor.open:
            self.add(call_id)

    def goes_on(self, page: list[Call]) -> bool:
        """Tell whether calls on older pages may be new."""
        if self._mark is None:
            self._mark = max((start for row in page if (start := start_of(row))), default=0.0)
        return not self._is_full() and self._cursor.reaches(page, self._mark)

    def _is_full(self) -> bool:
        # A long backlog is worked off before more is looked for.
        return len(self._cursor.open) > MOST_OPEN // 2

    def walked(self, rows: Mapping[str, Call]) -> None:
        """Take the new calls into the cursor."""
        if self._cursor.mark is None:
            self._cursor.begin(rows, self._live())
            found = list(self._cursor.open)
        elif self._is_full():
            found = []
        else:
            found = self._cursor.advance(rows)
        self._mark = self._cursor.mark
        for call_id in found:
            self.add(call_id)

    def _live(self) -> list[Call]:
        found: list[Call] = []
        # In the order in which a call goes through them: one that moves on meanwhile is met again.
        for status in CALL_LIVE:
            offset = 0
            while True:
                calls = Calls(self._looks.general())
                page = calls.list(limit=PAGE, offset=offset, status=status)
                found += page
                offset += len(page)
                if not page.has_next:
                    break
        return found
