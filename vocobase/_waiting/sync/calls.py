# Derived from vocobase/_waiting/aio/calls.py by scripts/derive_sync.py; edit that instead.
"""Follow many calls at once, inside the documented budgets."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast

from vocobase._base.errors import (
    CallFailedError,
    InvalidArgumentError,
    NotFoundError,
    ValidationFailedError,
    VocobaseError,
)
from vocobase._core.sync.core import Core
from vocobase._policy.cadence import CALLS_INTERVAL_SECONDS, MAX_PAGES, MAX_SINGLE_READS
from vocobase._policy.operations import Budget
from vocobase._policy.states import CALL, Phase
from vocobase._resources.sync.calls import Calls
from vocobase._waiting.results import CallResult
from vocobase._waiting.selection import connected, is_settled
from vocobase._waiting.sync.schedule import OutOfTime, PollSchedule
from vocobase_raw.models.call import Call
from vocobase_raw.models.call_details import CallDetails

OnUpdate = Callable[[CallDetails], None]
PAGE = 100


def wait_for_call(core: Core, call_id: str, *, timeout: float, on_update: OnUpdate | None) -> CallDetails:
    """Wait for one call; see ``calls.wait``."""
    follower = CallFollower(PollSchedule(core, timeout), name="calls.wait", on_update=on_update)
    follower.add(call_id)
    (result,) = follower.next()
    return result.unwrap()


def wait_for_calls(
    core: Core, call_ids: Iterable[str], *, timeout: float, on_update: OnUpdate | None
) -> Iterator[CallResult]:
    """Wait for several calls; see ``calls.wait_all``."""
    follower = CallFollower(PollSchedule(core, timeout), name="calls.wait_all", on_update=on_update)
    for call_id in call_ids:
        follower.add(call_id)
    while results := follower.next():
        for result in results:
            yield result


class CallFollower:
    """Follow calls until they are over.

    One page of ``GET /calls`` (60 a minute) tells the states of a hundred calls. Only what a page cannot tell
    is read one by one (10 a minute): calls that are not on the newest pages, and results of those that ended.

    Args:
        looks: Clock and budget.
        name: The method on whose behalf this works, for messages.
        details: Whether to read the results of a call that has ended, given its row; by default of those that
            connected, the others have none.
        patience: Seconds that a call which has ended may take to become final; it is given as it is then.
        on_update: Called with a call when its status has changed; what it raises goes to the caller.
    """

    # Whether to read pages although no call is awaited there.
    always = False

    def __init__(
        self,
        schedule: PollSchedule,
        *,
        name: str,
        details: Callable[[CallDetails], bool] = connected,
        patience: float = float("inf"),
        on_update: OnUpdate | None = None,
    ) -> None:
        self._schedule = schedule
        self._name = name
        self._details = details
        self._patience = patience
        self._on_update = on_update
        self._open: dict[str, CallDetails | None] = {}
        self._listed: set[str] = set()
        self._single: deque[str] = deque()
        self._ended: dict[str, float] = {}
        self._missed: set[str] = set()
        self._pages_at = self._single_at = schedule.now()

    @property
    def open(self) -> list[str]:
        """The calls that are not over, in the order in which they were added."""
        return list(self._open)

    def add(self, call_id: str) -> None:
        """Follow one more call; one that is followed already is not followed twice."""
        if call_id not in self._open:
            self._open[call_id] = None
            self._listed.add(call_id)

    def next(self) -> list[CallResult]:
        """Return the calls that are over next; when the time is over, all that are left."""
        try:
            while self._open:
                if results := self.step():
                    return results
                self._schedule.pause(self.due())
        except OutOfTime:
            return [self._give_up(call_id) for call_id in self.open]
        return []

    def due(self) -> float:
        """Return the seconds until `step` has something to do."""
        times = [self._pages_at] if self._listed or self.always else []
        times += [self._single_at] if self._single else []
        return max(0.0, min(times, default=0.0) - self._schedule.now())

    def step(self) -> list[CallResult]:
        """Look once if it is time; return the calls that are over.

        Raises:
            OutOfTime: the time is over.
            VocobaseError: a fault that does not pass, such as an invalid key.
        """
        now = self._schedule.now()
        if (self._listed or self.always) and now >= self._pages_at:
            return self._read_pages()
        if self._single and now >= self._single_at:
            return self._read_one()
        return []

    def _read_pages(self) -> list[CallResult]:
        rows: dict[str, Call] = {}
        offset = pages = 0
        complete = False
        try:
            while not complete and not (pages and self._schedule.is_late()):
                page = Calls(self._schedule.general()).list(limit=PAGE, offset=offset)
                rows.update(
                    (call.call_id, call) for call in page if isinstance(cast(object, call.call_id), str)
                )
                offset += len(page)
                pages += 1
                enough = offset >= MAX_PAGES * PAGE or len(self._listed - rows.keys()) <= MAX_SINGLE_READS
                complete = not page.has_next or (not self.goes_on(page.items) and enough)
            self._schedule.error = None
            if complete:
                self.walked(rows)
                missing = self._listed - rows.keys()
                for call_id in [call_id for call_id in self._open if call_id in missing]:
                    self._read_singly(call_id)
        except OutOfTime:
            # What was read counts.
            if not rows:
                raise
        except VocobaseError as error:
            self._schedule.tolerate(error)
        # Events are looked for in the same rhythm however long a backlog is.
        self._pages_at = self._schedule.soon(times=1 if self.always else max(1, pages))
        return self.take(rows)

    def goes_on(self, page: list[Call]) -> bool:
        """Tell whether older pages are wanted, whatever is awaited there."""
        return False

    def walked(self, rows: Mapping[str, Call]) -> None:
        """Take what a complete look has found."""

    def take(self, rows: dict[str, Call]) -> list[CallResult]:
        """Take rows that were read; return the calls that are over."""
        followed = [call_id for call_id in self._open if call_id in rows and call_id not in self._ended]
        results: list[CallResult] = []
        for call_id in followed:
            if call_id not in self._listed:
                self._back_to_pages(call_id)
            # A row is a call without its session.
            call = CallDetails.from_dict(rows[call_id].to_dict())
            self._update(call_id, call)
            if CALL.phase(call.status, call.ended_at) is Phase.ONGOING:
                continue
            if self._details(call):
                self._ended[call_id] = self._schedule.now()
                self._read_singly(call_id)
            else:
                results.append(self._close(call_id))
        return results

    def _read_singly(self, call_id: str) -> None:
        self._listed.discard(call_id)
        self._single.append(call_id)

    def _back_to_pages(self, call_id: str) -> None:
        self._single.remove(call_id)
        self._listed.add(call_id)

    def _read_one(self) -> list[CallResult]:
        call_id = self._single[0]
        try:
            if self._schedule.room(Budget.CALLS):
                return []
            self._single.rotate(-1)
            call = Calls(self._schedule.core()).get(call_id)
            self._schedule.error = None
        except (NotFoundError, ValidationFailedError, InvalidArgumentError) as error:
            return [self._close(call_id, error)]
        except VocobaseError as error:
            self._schedule.tolerate(error)
            return []
        finally:
            self._single_at = self._schedule.soon(CALLS_INTERVAL_SECONDS)
        self._update(call_id, call)
        if CALL.phase(call.status, call.ended_at) is Phase.ONGOING:
            # The pages may have been ahead.
            self._ended.pop(call_id, None)
            # A call that was just started may appear on the pages a little later; one that is old never will.
            if call_id not in self._missed:
                self._missed.add(call_id)
                self._back_to_pages(call_id)
            return []
        ended = self._ended.setdefault(call_id, self._schedule.now())
        if is_settled(call) or self._schedule.now() - ended >= self._patience:
            return [self._close(call_id)]
        return []

    def _update(self, call_id: str, call: CallDetails) -> None:
        last = self._open[call_id]
        self._open[call_id] = call
        if self._on_update is not None and (last is None or last.status != call.status):
            self._on_update(call)

    def _close(self, call_id: str, error: VocobaseError | None = None) -> CallResult:
        call = self._open.pop(call_id)
        self._listed.discard(call_id)
        self._missed.discard(call_id)
        self._ended.pop(call_id, None)
        if call_id in self._single:
            self._single.remove(call_id)
        if error is None and call is not None and CALL.phase(call.status) is Phase.FAILED:
            text = f"{self._name}: the call ended as {call.status}; see `call` of this error."
            error = CallFailedError(text, call=call)
        return CallResult(call_id, call, error)

    def _give_up(self, call_id: str) -> CallResult:
        call = self._open[call_id]
        if call is not None and CALL.phase(call.status) is Phase.FAILED:
            return self._close(call_id)
        state = "was not seen" if call is None else f"is still {call.status}"
        if call_id in self._ended:
            state = "has ended, but its results are not final, or were not read yet"
        text = f"{self._name}: the call {state}; wait longer, or look again with calls.get."
        return self._close(call_id, self._schedule.too_late(text, call))
