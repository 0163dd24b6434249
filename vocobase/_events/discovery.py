"""Find new calls, and decide how far back to read for them: pure, no I/O and no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vocobase._events.cursor import Cursor, starts_of
from vocobase._policy.cadence import MAX_OPEN_CALLS
from vocobase._waiting.finality import is_ongoing
from vocobase._waiting.tracking import CallPages, CallTracker
from vocobase_raw.models.call import Call


class Discovery:
    """Find new calls on pages; add them to the cursor and the tracker.

    Args:
        cursor: The known calls.
        tracker: Follows calls to their end; those of the cursor are added immediately.
    """

    def __init__(self, cursor: Cursor, tracker: CallTracker) -> None:
        self._cursor = cursor
        self._tracker = tracker
        self._mark = cursor.mark
        tracker.add(cursor.open)

    def needs_more(self, pages: CallPages, now: float) -> bool:
        """Return whether to read another page.

        Args:
            pages: The pages that were read.
            now: Seconds since 1970.
        """
        if self._mark is None:
            self._mark = min(max(starts_of(pages.last_page).values(), default=0.0), now)
        may_have_new = not self._is_full() and self._cursor.reaches(pages.last_page, self._mark)
        return may_have_new or self._tracker.needs_more(pages)

    def begin(self, rows: Mapping[str, Call], live: Iterable[Call], now: float) -> None:
        """Start with the ongoing calls.

        Args:
            rows: The newest calls.
            live: All calls that are ongoing.
            now: Seconds since 1970.
        """
        self._cursor.begin(rows, live, now)
        self._follow(self._cursor.open)

    def advance(self, rows: Mapping[str, Call], now: float) -> None:
        """Take all calls back to the mark of the cursor."""
        if not self._is_full():
            self._follow(self._cursor.advance(rows, now))

    def _follow(self, call_ids: Iterable[str]) -> None:
        self._mark = self._cursor.mark
        self._tracker.add(call_ids)

    def _is_full(self) -> bool:
        # A long backlog is processed before more calls are read. Calls that are ongoing do not count.
        ongoing = sum(
            tracked.call is not None and is_ongoing(tracked.call) for tracked in self._tracker.calls
        )
        return len(self._cursor.open) - ongoing > MAX_OPEN_CALLS // 2
