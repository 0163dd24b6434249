# Derived from vocobase/_waiting/aio/calls.py by scripts/derive_sync.py; edit that instead.
"""Wait for calls, within the budgets: the states from pages, the results from calls and sessions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

from vocobase._base.errors import (
    InvalidArgumentError,
    NotFoundError,
    ValidationFailedError,
    VocobaseError,
)
from vocobase._core.sync.core import Core
from vocobase._policy.cadence import CALLS_INTERVAL_SECONDS, SESSIONS_INTERVAL_SECONDS
from vocobase._policy.operations import Budget
from vocobase._policy.pages import MAX_PAGE_SIZE
from vocobase._waiting.call_results import CallResult, FinishedCall
from vocobase._waiting.sync.schedule import OutOfTime, PollSchedule
from vocobase._waiting.tracking import CallPages, CallTracker, OnUpdate
from vocobase_raw.api.calls import get as calls_get
from vocobase_raw.api.calls import list_ as calls_list
from vocobase_raw.api.sessions import get as sessions_get
from vocobase_raw.models.call import Call


def wait_for_call(core: Core, call_id: str, *, timeout: float, on_update: OnUpdate | None) -> FinishedCall:
    """Wait for one call; see ``calls.wait``."""
    results = wait_for_calls(core, [call_id], timeout=timeout, on_update=on_update, name="calls.wait")
    (result,) = [result for result in results]
    return result.unwrap()


def wait_for_calls(
    core: Core,
    call_ids: Iterable[str],
    *,
    timeout: float,
    on_update: OnUpdate | None,
    name: str = "calls.wait_all",
) -> Iterator[CallResult]:
    """Wait for several calls; see ``calls.wait_all``."""
    schedule = PollSchedule(core, timeout)
    tracker = CallTracker(name, on_update=on_update)
    tracker.add(call_ids)
    readers = (DetailReader(schedule, tracker), SessionReader(schedule, tracker))
    pages_due = schedule.now()
    try:
        while tracker.calls:
            results: list[CallResult] = []
            if tracker.expects_pages and schedule.now() >= pages_due:
                pages = read_pages(schedule, tracker.needs_more)
                pages_due = schedule.next_time(requests=max(1, pages.requests))
                results = tracker.observe_pages(pages, schedule.now())
            elif (reader := next((each for each in readers if each.is_due()), None)) is not None:
                results = reader.read()
            for result in results:
                yield result
            if not results:
                due = [pages_due if tracker.expects_pages else math.inf, *(each.due for each in readers)]
                schedule.pause(min(due) - schedule.now())
    except OutOfTime:
        for result in tracker.expire(schedule.error):
            yield result


def read_pages(schedule: PollSchedule, needs_more: Callable[[CallPages], bool]) -> CallPages:
    """Read pages of calls, newest first, while more are needed.

    A temporary error or the time limit ends it early; the pages are then not complete.

    Raises:
        OutOfTime: the time limit has passed before the first page.
        VocobaseError: an error that is not temporary, such as an invalid key.
    """
    pages = CallPages()
    try:
        while not pages.is_complete and not (pages.requests and schedule.is_overdue()):
            core = schedule.acquire_core()
            request = calls_list.build(limit=MAX_PAGE_SIZE, offset=pages.offset)
            page = core.page(request, "calls", Call.from_dict)
            pages.add(page)
            pages.is_complete = not page.has_next or not needs_more(pages)
        schedule.error = None
    except OutOfTime:
        # The pages that were read count.
        if not pages.rows:
            raise
    except VocobaseError as error:
        schedule.tolerate(error)
    return pages


class DetailReader:
    """Read tracked calls one by one, in turn, within the budget of the routes under ``/calls/``."""

    budget = Budget.CALLS
    interval = CALLS_INTERVAL_SECONDS

    def __init__(self, schedule: PollSchedule, tracker: CallTracker) -> None:
        self._schedule = schedule
        self._tracker = tracker
        self._next_at = schedule.now()

    @property
    def due(self) -> float:
        """When to read next, in seconds of the monotonic clock; infinity if there is nothing to read."""
        return math.inf if self._tracker.next_single_read() is None else self._next_at

    def is_due(self) -> bool:
        """Return whether it is time to read."""
        return self._schedule.now() >= self.due

    def read(self) -> list[CallResult]:
        """Read the next call; return its result if it is over.

        Raises:
            VocobaseError: an error that is not temporary, such as an invalid key.
        """
        began = self._schedule.now()
        try:
            if self._schedule.try_acquire(self.budget):
                return []
            result = self._read_next()
            self._schedule.error = None
        except VocobaseError as error:
            self._schedule.tolerate(error)
            return []
        finally:
            # Reads begin at this interval, however long each of them takes.
            taken = 0.0 if self._schedule.error else self._schedule.now() - began
            self._next_at = self._schedule.next_time(self.interval) - taken
        return [] if result is None else [result]

    def _read_next(self) -> CallResult | None:
        tracked = self._tracker.next_single_read()
        assert tracked is not None
        self._tracker.requeue(tracked)
        request = calls_get.build(tracked.call_id)
        try:
            call = self._schedule.request_core().call(request, calls_get.parse)
        except (NotFoundError, ValidationFailedError, InvalidArgumentError) as error:
            return self._tracker.close(tracked, error)
        return self._tracker.observe_details(tracked, call, self._schedule.now())


class SessionReader(DetailReader):
    """Read the results of tracked calls that ended a while ago as sessions, within the general budget."""

    budget = Budget.GENERAL
    interval = SESSIONS_INTERVAL_SECONDS

    @property
    def due(self) -> float:
        """When to read next, in seconds of the monotonic clock; infinity if there is nothing to read."""
        found = self._tracker.next_session_read()
        return math.inf if found is None else max(found[1], self._next_at)

    def _read_next(self) -> CallResult | None:
        found = self._tracker.next_session_read()
        assert found is not None
        tracked, _ = found
        self._tracker.put_off_session(tracked, self._schedule.now())
        assert tracked.call is not None
        request = sessions_get.build(tracked.call.session_id)
        try:
            session = self._schedule.request_core().call(request, sessions_get.parse)
        except (NotFoundError, ValidationFailedError, InvalidArgumentError):
            # The call itself may still have its results.
            return None
        return self._tracker.observe_session(tracked, session, self._schedule.now())
