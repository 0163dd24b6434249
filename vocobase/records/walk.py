"""Choose the pages of the list of calls to read: pure, no I/O.

The list is newest first. A walk goes down from the top; where the table already has every call of a time, it
jumps, unless a call there was still live.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from vocobase._policy.cadence import OVERLAP_SECONDS
from vocobase._policy.pages import MAX_PAGE_SIZE

# A time span in milliseconds since 1970: the oldest and the newest call.
Span = tuple[int, int]
# Rows by which a jump falls short, so that it certainly touches what is known.
_MARGIN = 10


def with_span(spans: Iterable[Span], new: Span) -> list[Span]:
    """Return time spans and another one, joined where they touch, newest first."""
    joined: list[Span] = []
    for oldest, newest in sorted([*spans, new]):
        if joined and oldest <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(newest, joined[-1][1]))
        else:
            joined.append((oldest, newest))
    return joined[::-1]


def load_spans(text: str | None) -> list[Span]:
    """Return the time spans of a cursor."""
    return [(int(oldest), int(newest)) for oldest, newest in json.loads(text or "[]")]


def moved(text: str | None, span: Span | None) -> str:
    """Return a cursor with another time span."""
    spans = load_spans(text)
    return json.dumps(spans if span is None else with_span(spans, span))


class ListWalk:
    """The position of a walk.

    Args:
        covered: The times of which the table has every call.
        live: The times of the calls that were live when they were last read.
        floor: The time of the oldest call to read.

    Attributes:
        offset: The offset of the next page, None at the end.
        jump: The times between which the table has every call, so that the next page is as many rows further
            down; None without a jump.
    """

    def __init__(self, covered: Iterable[Span], live: Iterable[int], floor: int) -> None:
        self.offset: int | None = 0
        self.jump: Span | None = None
        # New calls may still appear for a while below the newest one.
        known = ((oldest, newest - int(OVERLAP_SECONDS * 1000)) for oldest, newest in covered)
        self._covered = [span for span in known if span[0] <= span[1]]
        self._live = sorted(live)
        self._floor = floor
        self._above: int | None = None
        self._target: int | None = None
        self._may_jump = True
        self._last: Sequence[object] = ()

    def advance(self, times: Sequence[int], rows: Sequence[object], has_next: bool) -> Span | None:
        """Take a page and move on; return the time span that it covers, or None.

        Args:
            times: When its calls were created.
            rows: Identifiers of its calls.
            has_next: Whether there is a page after it.
        """
        offset, target, self._target, self.jump = self.offset or 0, self._target, None, None
        if target is not None and offset and max(times, default=-1) < target:
            self._go_back(offset, target)
            return None
        is_same = bool(rows) and rows == self._last
        self._last = rows
        if is_same or (has_next and not times):
            # A server that repeats its page, or has no times, covers nothing.
            self.offset = None if is_same else offset + len(rows)
            return None
        oldest = 0 if not has_next else min(times)
        newest = max(*times, oldest, oldest if self._above is None else self._above)
        self._covered = with_span(self._covered, (oldest, newest))
        self._above = oldest
        self._move_on(offset + len(rows), oldest)
        return oldest, newest

    def land(self, offset: int) -> None:
        """Move on by a jump.

        Args:
            offset: How many calls of the table are between the two times.
        """
        assert self.offset is not None
        self.offset += max(0, offset - _MARGIN)
        self._above = None

    def _move_on(self, offset: int, oldest: int) -> None:
        span = next(span for span in self._covered if span[0] <= oldest <= span[1])
        live = max((time for time in self._live if time < oldest), default=0)
        gap = span[0] if span[0] > self._floor else 0
        target = max(gap, live if live >= self._floor else 0)
        self.offset = offset if target > 0 else None
        if target < oldest and target > 0 and self._may_jump:
            self._target, self.jump = target, (target, oldest)

    def _go_back(self, offset: int, target: int) -> None:
        """Go back after a jump too far, then continue page by page: the list has lost calls of the table."""
        self.offset, self._target, self._may_jump = max(0, offset - MAX_PAGE_SIZE), target, False
