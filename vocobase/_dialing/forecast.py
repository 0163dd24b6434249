"""Simulate a run: one worker in simulated time, with the checks, slots and budget of a real one. Pure."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vocobase._dialing.decisions import Decision, Postpone, Refuse, first
from vocobase._dialing.person_caps import Dial, check_cap
from vocobase._dialing.redial import PersonCap
from vocobase._dialing.rules import CHECKS, OUTSIDE_HOURS, hours_of, moment
from vocobase._ledger import Entry
from vocobase._policy.operations import PER_MINUTE, WINDOW_SECONDS, Budget

# The gate of a run, and all other checks of a job: the decision about a job at a time.
Gate = Callable[[Entry, datetime], Refuse | None]


@dataclass(frozen=True)
class Pace:
    """The limits of a run, and its assumptions about calls.

    Attributes:
        slots: How many calls may be live at once (at least 1); None for no limit.
        call_seconds: How long a call takes a slot.
        redials: The share of dials that are followed by another one.
        max_attempts: Limit on the dials of a job.
        redial_seconds: The delay before each further attempt.
    """

    slots: int | None
    call_seconds: float
    redials: float = 0.0
    max_attempts: int = 1
    redial_seconds: float = 0.0


@dataclass
class Forecast:
    """The simulated results of the jobs.

    Attributes:
        fates: By key: when the job is first dialled, in seconds since 1970, or why it is refused.
        dials: How many dials there are, including further attempts.
        ends_at: When the last one begins, in seconds since 1970; 0 if there is none.
    """

    fates: dict[str, float | Refuse] = field(default_factory=dict[str, float | Refuse])
    dials: int = 0
    ends_at: float = 0.0


class _Permits:
    """The starts of the last minute, and the calls that are live."""

    def __init__(self, pace: Pace, now: float) -> None:
        self._pace = pace
        self._number = PER_MINUTE[Budget.CALLS]
        # The concurrency of the account is read first, from the same budget.
        self._starts = deque([now], maxlen=self._number)
        self._live: list[float] = []

    def next_free(self, now: float) -> float:
        """Return when one more call may begin."""
        if len(self._starts) == self._number:
            now = max(now, self._starts[0] + WINDOW_SECONDS)
        slots = self._pace.slots
        while slots is not None and self._live and (self._live[0] <= now or len(self._live) >= slots):
            now = max(now, heapq.heappop(self._live))
        return now

    def start(self, now: float) -> None:
        self._starts.append(now)
        if self._pace.slots is not None:
            heapq.heappush(self._live, now + self._pace.call_seconds)


@dataclass(slots=True)
class _Shift:
    """The jobs that are due and have the same hours, so that all of them wait when these are over."""

    ready: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    closed_until: float = 0.0


class Simulation:
    """One worker that dials a list.

    Args:
        entries: The jobs, in the order in which the ledger has them.
        gate: Decides who may be called.
        cap: Limit on the dials of a person.
        dials: The dials to each number so far.
        pace: The limits of the run.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        gate: Gate,
        cap: PersonCap | None,
        dials: Mapping[str, list[Dial]],
        pace: Pace,
    ) -> None:
        self._entries = list(entries)
        self._attempts = [0] * len(self._entries)
        self._later = [(entry.not_before, number) for number, entry in enumerate(self._entries)]
        heapq.heapify(self._later)
        self._shifts: dict[object, _Shift] = {}
        self._shift_of = [
            self._shifts.setdefault(hours_of(entry.payload), _Shift()) for entry in self._entries
        ]
        self._gate = gate
        self._cap = cap
        self._dials = {number: [*known] for number, known in dials.items()}
        self._pace = pace
        self._owed = 0.0

    def run(self, now: float) -> Forecast:
        """Return the results of the jobs if the run begins now."""
        found = Forecast()
        permits = _Permits(self._pace, now)
        while (due := self._next_due()) is not None:
            now = permits.next_free(max(now, due))
            self._admit(now)
            ready = [each for each in self._shifts.values() if _is_open(each, now)]
            if not ready:
                continue
            shift = min(ready, key=_head)
            turn = shift.ready[0]
            entry = self._entries[turn[1]]
            decision = self._decide(entry, moment(now))
            if isinstance(decision, Postpone) and decision.code == OUTSIDE_HOURS:
                shift.closed_until = decision.until.timestamp()
                continue
            heapq.heappop(shift.ready)
            if isinstance(decision, Refuse):
                found.fates.setdefault(entry.key, decision)
            elif isinstance(decision, Postpone):
                heapq.heappush(self._later, (decision.until.timestamp(), turn[1]))
            else:
                permits.start(now)
                found.fates.setdefault(entry.key, now)
                found.dials += 1
                found.ends_at = now
                self._note(turn[1], now)
        return found

    def _next_due(self) -> float | None:
        """Return when the next job may be due, None if no job is left."""
        times = [each.closed_until for each in self._shifts.values() if each.ready]
        times += [self._later[0][0]] if self._later else []
        return min(times, default=None)

    def _admit(self, now: float) -> None:
        """Let the jobs that are due wait for their turn: the highest priority first, then the oldest."""
        while self._later and self._later[0][0] <= now:
            _, number = heapq.heappop(self._later)
            priority = self._entries[number].payload.get("priority", 0)
            heapq.heappush(self._shift_of[number].ready, (-priority, number))

    def _decide(self, entry: Entry, now: datetime) -> Decision:
        number = entry.payload["to_number"]
        return (
            first(CHECKS, entry, now)
            or check_cap(self._cap, entry, self._dials.get(number, ()), now)
            or self._gate(entry, now)
        )

    def _note(self, number: int, now: float) -> None:
        if self._cap is not None:
            to_number = self._entries[number].payload["to_number"]
            self._dials.setdefault(to_number, []).append({"at": now})
        self._attempts[number] += 1
        if self._attempts[number] >= self._pace.max_attempts:
            return
        # Spread evenly: with a share of 0.3, three of ten dials are followed by another one.
        self._owed += self._pace.redials
        if self._owed >= 1:
            self._owed -= 1
            delay = self._pace.call_seconds + self._pace.redial_seconds
            heapq.heappush(self._later, (now + delay, number))


def _is_open(shift: _Shift, now: float) -> bool:
    return bool(shift.ready) and shift.closed_until <= now


def _head(shift: _Shift) -> tuple[int, int]:
    return shift.ready[0]
