"""The calls of one wait: what is known about each, and the next read. Pure, no I/O and no clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import cast

from vocobase._base.errors import CallFailedError, VocobaseError
from vocobase._policy.cadence import (
    MAX_DEEP_PAGES,
    MAX_PAGES,
    MAX_PROCESSING_SECONDS,
    MAX_SINGLE_READS,
    MISSING_CALLS_PER_PAGE,
    SESSION_FINAL_SECONDS,
)
from vocobase._policy.pages import MAX_PAGE_SIZE, Page
from vocobase._policy.states import CALL, Phase
from vocobase._waiting.call_results import (
    CallCompleted,
    CallNotCompleted,
    CallResult,
    FinishedCall,
    wait_timeout,
)
from vocobase._waiting.finality import (
    connected,
    has_session_id,
    is_final,
    is_ongoing,
    is_processed,
    with_session,
)
from vocobase_raw.models.call import Call
from vocobase_raw.models.call_details import CallDetails
from vocobase_raw.models.session import Session

OnUpdate = Callable[[CallDetails], None]


@dataclass(slots=True)
class CallPages:
    """The pages of calls that one poll has read, newest first.

    Attributes:
        rows: Their calls, by identifier; rows without one are left out.
        last_page: The calls of the page that was read last.
        offset: Offset of the next page.
        requests: Number of pages.
        is_complete: Whether all pages were read that the poll needed.
    """

    rows: dict[str, Call] = field(default_factory=dict[str, Call])
    last_page: list[Call] = field(default_factory=list[Call])
    offset: int = 0
    requests: int = 0
    is_complete: bool = False

    def add(self, page: Page[Call]) -> None:
        """Take one more page."""
        self.last_page = [row for row in page if isinstance(cast(object, row.call_id), str)]
        self.rows.update((row.call_id, row) for row in self.last_page)
        self.offset += len(page)
        self.requests += 1


@dataclass(eq=False, slots=True)
class TrackedCall:
    """A call that is not over.

    Attributes:
        call_id: Its identifier.
        call: The call as it was read last; None if it was not seen yet.
        turn: Its place in the order of single reads; None while it is expected on the pages.
        ended_at: When it was seen to have ended, in seconds of a monotonic clock; None while it is ongoing.
        was_sent_back: Whether a single read has found it ongoing although the pages did not list it.
        session_after: Seconds after its end before which its session is not read; infinity if the session
            does not show whether its results are final.
    """

    call_id: str
    call: CallDetails | None = None
    turn: int | None = None
    ended_at: float | None = None
    was_sent_back: bool = False
    session_after: float = SESSION_FINAL_SECONDS


class CallTracker:
    """The calls that are not over.

    One page of ``GET /calls`` (60 a minute) reports the states of a hundred calls. Only what pages do not
    show is read call by call (10 a minute): calls behind the newest pages, and results of ended calls. If
    there are too many results for that, those of calls that ended a while ago may be read as sessions too
    (60 a minute).

    Args:
        name: The method on whose behalf it works, for messages.
        needs_details: Returns whether to read the results of a call that has ended, given its row. By
            default, if someone talked; the other calls have no results.
        max_processing: Seconds after its end at which a call is over although its results are not final.
        on_update: Called with a call whenever its status has changed; its exceptions reach the caller.
    """

    def __init__(
        self,
        name: str,
        *,
        needs_details: Callable[[CallDetails], bool] = connected,
        max_processing: float = math.inf,
        on_update: OnUpdate | None = None,
    ) -> None:
        self._name = name
        self._needs_details = needs_details
        self._max_processing = max_processing
        self._on_update = on_update
        self._calls: dict[str, TrackedCall] = {}
        self._turns = count()
        self._session_after = SESSION_FINAL_SECONDS

    @property
    def calls(self) -> list[TrackedCall]:
        """The calls that are not over, in the order in which they were added."""
        return list(self._calls.values())

    def add(self, call_ids: Iterable[str]) -> None:
        """Track more calls; one that is tracked already stays as it is."""
        for call_id in call_ids:
            self._calls.setdefault(call_id, TrackedCall(call_id))

    @property
    def expects_pages(self) -> bool:
        """Whether any call is expected on the pages."""
        return any(tracked.turn is None for tracked in self._calls.values())

    def needs_more(self, pages: CallPages) -> bool:
        """Return whether to read another page instead of the missing calls one by one."""
        missing = len(self._missing_from(pages))
        max_pages = min(max(MAX_PAGES, missing // MISSING_CALLS_PER_PAGE), MAX_DEEP_PAGES)
        return pages.offset < max_pages * MAX_PAGE_SIZE and missing > MAX_SINGLE_READS

    def observe_pages(self, pages: CallPages, now: float) -> list[CallResult]:
        """Take the pages of a poll; return the results of the calls that are over.

        Args:
            pages: What was read; calls that complete pages lack are read one by one from now on.
            now: Seconds of a monotonic clock.
        """
        if pages.is_complete:
            for tracked in self._missing_from(pages):
                self.requeue(tracked)
        listed = [tracked for tracked in self.calls if tracked.call_id in pages.rows]
        results = [
            self._observe_row(tracked, pages.rows[tracked.call_id], now)
            for tracked in listed
            if tracked.ended_at is None
        ]
        return [result for result in results if result is not None]

    def next_single_read(self) -> TrackedCall | None:
        """Return the call that is next in the order of single reads, None if there is none."""
        queue = [(tracked.turn, tracked) for tracked in self._calls.values() if tracked.turn is not None]
        return min(queue, key=lambda entry: entry[0])[1] if queue else None

    def requeue(self, tracked: TrackedCall) -> None:
        """Put a call at the end of the order of single reads."""
        tracked.turn = next(self._turns)

    def observe_details(self, tracked: TrackedCall, call: CallDetails, now: float) -> CallResult | None:
        """Take a call that was read alone; return its result if it is over."""
        self._update(tracked, call)
        if is_ongoing(call):
            # The pages may have been ahead.
            tracked.ended_at = None
            # A new call may appear on the pages a little later; an old one never will.
            if not tracked.was_sent_back:
                tracked.was_sent_back, tracked.turn = True, None
            return None
        if tracked.ended_at is None:
            tracked.ended_at = now
        if is_final(call) or now - tracked.ended_at >= self._max_processing:
            return self.close(tracked)
        # This response reports the processing, and the session may not.
        tracked.session_after = math.inf
        self._note_processing(now - tracked.ended_at)
        return None

    def next_session_read(self) -> tuple[TrackedCall, float] | None:
        """Return the call whose session is next to be read, and when; None if there is none.

        The time is in seconds of the monotonic clock.
        """
        times = [
            (tracked.ended_at + max(tracked.session_after, self._session_after), tracked)
            for tracked in self._calls.values()
            if tracked.ended_at is not None and tracked.call is not None and has_session_id(tracked.call)
        ]
        if not times:
            return None
        due, tracked = min(times, key=lambda entry: entry[0])
        return None if due == math.inf else (tracked, due)

    def put_off_session(self, tracked: TrackedCall, now: float) -> None:
        """Postpone the next read of the session of a call, so that the others come first."""
        assert tracked.ended_at is not None
        tracked.session_after = 2 * (now - tracked.ended_at)

    def observe_session(self, tracked: TrackedCall, session: Session, now: float) -> CallResult | None:
        """Take the session of a call that ended a while ago; return the result of the call if it is over."""
        assert tracked.call is not None
        assert tracked.ended_at is not None
        if not is_processed(session):
            self._note_processing(now - tracked.ended_at)
            return None
        tracked.call = with_session(tracked.call, session)
        return self.close(tracked)

    def _note_processing(self, seconds: float) -> None:
        """Record that a call is still being processed this many seconds after its end."""
        self._session_after = min(max(self._session_after, 2 * seconds), MAX_PROCESSING_SECONDS)

    def close(self, tracked: TrackedCall, error: VocobaseError | None = None) -> CallResult:
        """Stop tracking a call; return its result."""
        call = self._calls.pop(tracked.call_id).call
        if error is None and call is not None and CALL.phase(call.status) is Phase.FAILED:
            text = f"{self._name}: the call ended as {call.status}; see `call` of this error."
            error = CallFailedError(text, call=call)
        if error is not None:
            return CallNotCompleted(tracked.call_id, call, error)
        assert call is not None
        return CallCompleted(tracked.call_id, FinishedCall.of(call))

    def expire(self, cause: VocobaseError | None) -> list[CallResult]:
        """Give up on all calls, because the time limit has passed; return their results.

        Args:
            cause: The error of the last read, None if it succeeded.
        """
        return [self._expire(tracked, cause) for tracked in self.calls]

    def _expire(self, tracked: TrackedCall, cause: VocobaseError | None) -> CallResult:
        call = tracked.call
        if call is not None and CALL.phase(call.status) is Phase.FAILED:
            return self.close(tracked)
        state = "was not seen" if call is None else f"is still {call.status}"
        if tracked.ended_at is not None:
            state = "has ended, but its results are not final, or were not read yet"
        text = f"{self._name}: the call {state}; wait longer, or check later with calls.get."
        return self.close(tracked, wait_timeout(text, last=call, cause=cause))

    def _missing_from(self, pages: CallPages) -> list[TrackedCall]:
        return [
            tracked
            for tracked in self._calls.values()
            if tracked.turn is None and tracked.call_id not in pages.rows
        ]

    def _observe_row(self, tracked: TrackedCall, row: Call, now: float) -> CallResult | None:
        tracked.turn = None
        # A row is a call without its session.
        call = CallDetails.from_dict(row.to_dict())
        self._update(tracked, call)
        if is_ongoing(call):
            return None
        if not self._needs_details(call):
            return self.close(tracked)
        tracked.ended_at = now
        self.requeue(tracked)
        return None

    def _update(self, tracked: TrackedCall, call: CallDetails) -> None:
        last, tracked.call = tracked.call, call
        if self._on_update is not None and (last is None or last.status != call.status):
            self._on_update(call)
