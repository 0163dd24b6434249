# Derived from vocobase/_waiting/aio/slot_waits.py by scripts/derive_sync.py; edit that instead.
"""Start a call as soon as the account has a free concurrency slot."""

from __future__ import annotations

from contextlib import suppress

from vocobase._base.errors import VocobaseError
from vocobase._core.sync.core import Core
from vocobase._policy.cadence import (
    MAX_SLOT_INTERVAL_SECONDS,
    SLOT_INTERVAL_SECONDS,
    SLOT_JITTER_SHARE,
)
from vocobase._policy.operations import Budget
from vocobase._waiting.call_results import wait_timeout
from vocobase._waiting.intervals import PollInterval
from vocobase._waiting.starts import NextStep, has_free_slot, next_step
from vocobase._waiting.sync.schedule import OutOfTime, PollSchedule
from vocobase_raw.api.calls import concurrency as calls_concurrency
from vocobase_raw.api.calls import start as calls_start
from vocobase_raw.models.call_concurrency import CallConcurrency
from vocobase_raw.models.started_call import StartedCall
from vocobase_raw.types import OperationRequest


class SlotWait:
    """One call of ``calls.start(wait_for_slot=)``.

    A start is sent again only after an error that means that nothing was dialled; see `NEXT_STEPS`.

    Args:
        core: Sends the requests.
        seconds: Time limit of the wait.
    """

    def __init__(self, core: Core, seconds: float) -> None:
        interval = PollInterval(SLOT_INTERVAL_SECONDS, MAX_SLOT_INTERVAL_SECONDS)
        self._core = core
        self._seconds = seconds
        self._schedule = PollSchedule(core, seconds, interval=interval)
        self._retries_left = core.options.max_retries
        self._refusal: VocobaseError | None = None
        self._concurrency: CallConcurrency | None = None

    def start(self, request: OperationRequest) -> StartedCall:
        """Start a call as soon as there is a slot.

        Raises:
            WaitTimeoutError: there was none within the time limit; nothing was dialled.
        """
        with suppress(OutOfTime):
            while (started := self._try_start(request)) is None:
                while not self._poll_slot():
                    pass
            return started
        text = (
            f"calls.start: no slot was free within {self._seconds:g} s; nothing was dialled. Try again later."
        )
        raise wait_timeout(text, last=self._concurrency, cause=self._schedule.error or self._refusal)

    def _try_start(self, request: OperationRequest) -> StartedCall | None:
        """Start the call; return None if nothing was dialled and a retry is allowed."""
        try:
            self._schedule.acquire(Budget.CALLS)
            # It keeps the time limit of the client: if it were cut short, its outcome would be unknown.
            return self._core.view(max_retries=0, pacer=None).call(request, calls_start.parse)
        except VocobaseError as error:
            step = next_step(error, self._retries_left)
            if step is NextStep.RAISE:
                raise
            if step is NextStep.RETRY:
                self._retries_left -= 1
            self._schedule.error = self._refusal = error
            return None

    def _poll_slot(self) -> bool:
        """Wait until the next poll is due, then return whether there is a free slot."""
        self._schedule.pause(self._schedule.next_time(jitter=SLOT_JITTER_SHARE) - self._schedule.now())
        try:
            self._schedule.acquire(Budget.CALLS)
            self._concurrency = self._schedule.request_core().call(
                calls_concurrency.build(), calls_concurrency.parse
            )
        except VocobaseError as error:
            self._schedule.tolerate(error)
            return False
        # The wait that the refusal asked for is over.
        self._schedule.error = None
        return has_free_slot(self._concurrency)
