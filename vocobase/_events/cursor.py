"""The state of a poll for events, kept as text so that no event is lost: pure, no I/O and no clock."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self, cast

from vocobase._base.errors import InvalidArgumentError
from vocobase._policy.cadence import MAX_OPEN_CALLS, OVERLAP_SECONDS
from vocobase._policy.states import CALL, Phase
from vocobase_raw.models.call import Call

VERSION = 1


@dataclass(slots=True)
class Cursor:
    """The position of a poll.

    Calls are listed by their start but end in another order. So the cursor holds a mark, which is the start
    of the newest known call; the calls up to the mark whose event was not returned yet; and, as short hashes,
    the known calls close to the mark, because new calls may still appear there.

    Attributes:
        mark: Seconds since 1970, by the server's clock; None before the first poll.
        open: Calls whose event was not returned yet, oldest first; at most `MAX_OPEN_CALLS`.
        known: Hashes of the calls that started at most `OVERLAP_SECONDS` before the mark, with their starts.
    """

    mark: float | None = None
    open: dict[str, None] = field(default_factory=dict[str, None])
    known: dict[str, float] = field(default_factory=dict[str, float])

    @classmethod
    def load(cls, text: str | None) -> Self:
        """Read the text that `dump` wrote; None is the beginning.

        Raises:
            InvalidArgumentError: the text is not a cursor.
        """
        if text is None:
            return cls()
        try:
            data = cast("Mapping[str, Any]", json.loads(text))
            calls = cast("list[Any]", data["open"])
            if data["v"] != VERSION or not isinstance(cast(object, calls), list):
                raise ValueError
            if not all(isinstance(call_id, str) for call_id in calls):
                raise ValueError
            known = {str(name): _seconds(start) for name, start in data["known"].items()}
            mark = None if data["mark"] is None else _seconds(data["mark"])
            return cls(mark, dict.fromkeys(calls), known)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            raise InvalidArgumentError(
                "events.poll: cursor is invalid or damaged; pass the `cursor` of an earlier poll, or None."
            ) from None

    @classmethod
    def since(cls, moment: datetime) -> Self:
        """Return the cursor that begins with the calls that were created at a time or later."""
        # Calls up to OVERLAP_SECONDS before the mark are new as long as they are not known.
        return cls(mark=moment.timestamp() + OVERLAP_SECONDS)

    def dump(self) -> str:
        """Return the cursor as text."""
        content = {"v": VERSION, "mark": self.mark, "open": list(self.open), "known": self.known}
        return json.dumps(content, separators=(",", ":"))

    def reaches(self, rows: Iterable[Call], mark: float) -> bool:
        """Return whether older pages than this one may hold new calls."""
        return any((start_of(row) or 0.0) >= mark - OVERLAP_SECONDS for row in rows)

    def begin(self, newest: Mapping[str, Call], live: Iterable[Call], now: float = math.inf) -> None:
        """Start now: with the ongoing calls, without those that have ended."""
        live = list(live)
        starts = starts_of(newest.values())
        self.mark = min(max(starts.values(), default=0.0), now)
        self._remember({row.call_id: start_of(row) or 0.0 for row in live} | starts)
        for row in (*newest.values(), *live):
            if CALL.phase(row.status, row.ended_at) is Phase.ONGOING:
                self.open[row.call_id] = None

    def advance(self, rows: Mapping[str, Call], now: float = math.inf) -> list[str]:
        """Take all rows back to the mark; return the calls that are new, oldest first.

        If there are too many, only the oldest are taken, and the mark stays before the others. The mark never
        exceeds ``now``: a start in the future, by a clock that was wrong, would hide all calls until then.
        """
        assert self.mark is not None
        old = self.mark - OVERLAP_SECONDS
        starts = starts_of(rows.values())
        new = [
            call_id
            for call_id in sorted(starts, key=lambda call_id: starts[call_id])
            if starts[call_id] >= old and hash_of(call_id) not in self.known and call_id not in self.open
        ]
        taken = new[: max(0, MAX_OPEN_CALLS - len(self.open))]
        seen = starts.values() if len(taken) == len(new) else [starts[call_id] for call_id in taken]
        self.mark = max(self.mark, min(max(seen, default=self.mark), now))
        self.open.update(dict.fromkeys(taken))
        left = set(new) - set(taken)
        self._remember({call_id: start for call_id, start in starts.items() if call_id not in left})
        return taken

    def close(self, call_id: str) -> None:
        """Forget a call whose event was returned."""
        self.open.pop(call_id, None)

    def _remember(self, starts: Mapping[str, float]) -> None:
        assert self.mark is not None
        self.known |= {hash_of(call_id): start for call_id, start in starts.items()}
        self.known = {
            name: start for name, start in self.known.items() if start >= self.mark - OVERLAP_SECONDS
        }


def starts_of(rows: Iterable[Call]) -> dict[str, float]:
    """Return the start of each call, by its identifier, from rows in the order of the list, newest first.

    Lists are ordered by the start, so a call whose start is malformed gets that of the next older call.
    """
    starts: dict[str, float] = {}
    older: float | None = None
    for row in reversed(list(rows)):
        start = start_of(row)
        older = older if start is None else start
        if older is not None:
            starts[row.call_id] = older
    return starts


def _seconds(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


def start_of(row: Call) -> float | None:
    """Return when a call was started, the later of its two times, None if both are malformed."""
    # Models keep malformed times as they are, so the declared type is not certain.
    times = [time for time in (row.created_at, row.started_at) if isinstance(cast(object, time), datetime)]
    aware = [time if time.tzinfo else time.replace(tzinfo=UTC) for time in times if time is not None]
    return max((time.timestamp() for time in aware), default=None)


def hash_of(call_id: str) -> str:
    """Return the short hash of a call that only has to be recognized."""
    return hashlib.sha256(call_id.encode()).hexdigest()[:12]
