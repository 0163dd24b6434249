# Derived from vocobase/_events/aio/poll.py by scripts/derive_sync.py; edit that instead.
"""The iterator behind ``events.poll``."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Self

from vocobase._base.errors import (
    ConnectionFailedError,
    NotFoundError,
    VocobaseError,
    one_line,
)
from vocobase._base.short_repr import ShortRepr
from vocobase._core.sync.core import Core
from vocobase._events.cursor import Cursor
from vocobase._events.discovery import Discovery
from vocobase._events.event import event_of, session_of
from vocobase._events.sync.single import read_session
from vocobase._policy.cadence import MAX_PROCESSING_SECONDS
from vocobase._policy.pages import MAX_PAGE_SIZE
from vocobase._policy.states import CALL_LIVE
from vocobase._waiting.call_results import CallResult
from vocobase._waiting.intervals import PollInterval
from vocobase._waiting.sync.calls import DetailReader, read_pages
from vocobase._waiting.sync.schedule import OutOfTime, PollSchedule
from vocobase._waiting.tracking import CallPages, CallTracker
from vocobase.webhooks._payloads import SessionCompleted
from vocobase_raw.api.calls import list_ as calls_list
from vocobase_raw.models.call import Call
from vocobase_raw.models.call_details import CallDetails
from vocobase_raw.models.session import Session

log = logging.getLogger("vocobase")


@dataclass(eq=False, slots=True)
class EndedCall:
    """A call that is over and whose event was not returned yet.

    Attributes:
        call_id: Its identifier.
        call: The call with its final results.
        since: When it was over, in seconds of the monotonic clock.
        due: When to read its session.
    """

    call_id: str
    call: CallDetails
    since: float
    due: float


class EventPoll(ShortRepr):
    """An iterator over the events of calls as they end; see ``events.poll``."""

    def __init__(self, core: Core, cursor: Cursor, *, interval: float, timeout: float | None) -> None:
        self._base_url = core.base_url
        self._cursor = cursor
        self._schedule = PollSchedule(core, timeout, interval=PollInterval(interval, interval))
        self._tracker = CallTracker(
            "events.poll", needs_details=lambda call: True, max_processing=MAX_PROCESSING_SECONDS
        )
        self._discovery = Discovery(cursor, self._tracker)
        self._details = DetailReader(self._schedule, self._tracker)
        self._ended: list[EndedCall] = []
        self._pages_due = self._schedule.now()
        self._began = False

    def _about(self) -> str:
        return f"{self._base_url!r}, open={len(self._cursor.open)}"

    @property
    def cursor(self) -> str:
        """Text from which another poll can continue; before the first read it stands for the beginning.

        Every event that the iterator has returned counts as done, so store it after you have processed an
        event.
        """
        return self._cursor.dump()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> SessionCompleted:
        try:
            # If the caller works on each event for long, a read is always due, and no pause checks the time.
            while not self._began or self._schedule.remaining() > 0:
                self._began = True
                for result in self._read_calls():
                    self._note(result)
                if (event := self._next_event()) is not None:
                    return event
                due = min([self._pages_due, self._details.due, *(ended.due for ended in self._ended)])
                if due > self._schedule.now():
                    self._schedule.pause(due - self._schedule.now())
        except OutOfTime:
            pass
        raise StopIteration

    def _read_calls(self) -> list[CallResult]:
        """Do the read of pages or details that is due; return the results of the calls that are over."""
        if self._schedule.now() >= self._pages_due:
            return self._read_pages()
        return self._details.read() if self._details.is_due() else []

    def _read_pages(self) -> list[CallResult]:
        clock = self._schedule.runtime
        pages = read_pages(self._schedule, lambda pages: self._discovery.needs_more(pages, clock.time()))
        try:
            if pages.is_complete:
                self._discover(pages)
        except VocobaseError as error:
            self._schedule.tolerate(error)
            pages.is_complete = False
        # New calls are read at the same interval however many pages a backlog has.
        self._pages_due = self._schedule.next_time()
        return self._tracker.observe_pages(pages, self._schedule.now())

    def _discover(self, pages: CallPages) -> None:
        if self._cursor.mark is None:
            live = self._read_live()
            self._discovery.begin(pages.rows, live, self._schedule.runtime.time())
        else:
            self._discovery.advance(pages.rows, self._schedule.runtime.time())

    def _read_live(self) -> list[Call]:
        """Read all calls that are ongoing."""
        live = CallPages()
        # In the order in which calls pass through the states: a call that moves on is found again.
        for status in CALL_LIVE:
            live.offset, has_next = 0, True
            while has_next:
                core = self._schedule.acquire_core()
                request = calls_list.build(limit=MAX_PAGE_SIZE, offset=live.offset, status=status)
                page = core.page(request, "calls", Call.from_dict)
                live.add(page)
                has_next = page.has_next
        return list(live.rows.values())

    def _note(self, result: CallResult) -> None:
        """Record that a call is over."""
        if result.call is None or isinstance(result.error, NotFoundError):
            log.warning("events.poll: call %s no longer exists; it has no event", one_line(result.call_id))
            self._cursor.close(result.call_id)
        else:
            now = self._schedule.now()
            self._ended.append(EndedCall(result.call_id, result.call, since=now, due=now))

    def _next_event(self) -> SessionCompleted | None:
        """Read the session that is due; return the event of its call, None if there is none yet."""
        # A session that cannot be read does not delay the others.
        ended = next((ended for ended in self._ended if ended.due <= self._schedule.now()), None)
        if ended is None:
            return None
        try:
            session = self._read_session(ended.call)
        except VocobaseError as error:
            if self._put_off(ended, error):
                return None
            session = None
        event = event_of(ended.call_id, ended.call, session)
        # Last, so that after Ctrl-C the cursor never counts an event that was not returned.
        self._ended.remove(ended)
        self._cursor.close(ended.call_id)
        return event

    def _read_session(self, call: CallDetails) -> Session | None:
        if session_of(call) is None:
            return None
        return read_session(self._schedule.acquire_core(), call)

    def _put_off(self, ended: EndedCall, error: VocobaseError) -> bool:
        """Postpone a session that could not be read; return False if it has had enough time already.

        Raises:
            VocobaseError: the error is permanent.
        """
        try:
            self._schedule.tolerate(error)
        finally:
            ended.due = self._schedule.next_time()
        age = self._schedule.now() - ended.since
        return isinstance(error, ConnectionFailedError) or age < MAX_PROCESSING_SECONDS
