"""Drive a world through time under one lock: run due transitions, commit, deliver webhooks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from vocobase_sandbox.kernel.clock import Clock, iso
from vocobase_sandbox.kernel.settings import is_number
from vocobase_sandbox.kernel.store import Store
from vocobase_sandbox.kernel.world import World, logger

_MAX_WAIT_SECONDS = 3600.0


class Deliveries(Protocol):
    """The webhook deliveries of a world, as the engine needs them."""

    def recover(self, world: World) -> None:
        """Schedule the deliveries whose attempt was interrupted by the end of the process."""
        ...

    def prepare(self, world: World, delivery_id: str) -> Callable[[], int] | None:
        """Return a function that sends the next request, or None if there is nothing to send."""
        ...

    def conclude(self, world: World, delivery_id: str, status: int | None, error: str | None) -> None:
        """Record the result of an attempt."""
        ...


class Engine:
    """Own the lock of a world and the thread that follows a running clock.

    Webhooks are sent without the lock, because a receiver can call the sandbox back.
    """

    def __init__(self, world: World, store: Store, deliveries: Deliveries) -> None:
        self.lock = threading.RLock()
        self.pause_seconds = 1.0
        """Pause of the clock after a transition that could not be committed."""
        self._deliveries = deliveries
        self._world = world
        self._store = store
        self._clock = world.clock
        self._changed = threading.Condition(self.lock)
        self._ticker: threading.Thread | None = None
        self._closed = False
        world.wake = self._wake

    def commit(self) -> None:
        """Make every change durable, together with the current time."""
        if self._store.changed:
            self._world.account["clock_ms"] = self._clock.now_ms()
            self._world.save_account()
            self._store.commit()

    def catch_up(self) -> None:
        """Run the transitions that became due under a running clock; the caller holds the lock."""
        if not self._clock.manual:
            self._run_due(self._clock.now_ms())

    def run_until(self, instant_ms: int) -> None:
        """Move the clock to an instant, stopping at every transition on the way."""
        while True:
            with self.lock:
                due = self._world.next_due()
                if due is None or due > instant_ms:
                    self._clock.advance_to(instant_ms)
                    self._world.save_account()
                    self.commit()
                    # Wake the thread that follows the clock: its next transition is nearer now.
                    self._changed.notify_all()
                    break
                self._clock.advance_to(due)
                self._run_due(due)
            self.deliver()
        self.deliver()

    def next_due(self) -> int | None:
        """Return the instant of the next transition or delivery, or None."""
        return self._clock.now_ms() if self._world.outbox else self._world.next_due()

    def _run_due(self, until_ms: int) -> None:
        while self._world.run_next(until_ms):
            self.commit()

    def deliver(self) -> None:
        """Send the webhooks that are due: in this thread under a manual clock, else each in its own."""
        with self.lock:
            due = list(self._world.outbox)
            self._world.outbox.clear()
        for delivery_id in due:
            if self._clock.manual:
                self._attempt(delivery_id)
            else:
                self._attempt_in_thread(delivery_id)

    def _attempt_in_thread(self, delivery_id: str) -> None:
        try:
            threading.Thread(target=self._attempt, args=(delivery_id,), daemon=True).start()
        except RuntimeError as problem:  # the machine has no thread left
            with self.lock:
                self._deliveries.conclude(
                    self._world, delivery_id, None, f"{type(problem).__name__}: {problem}"
                )
                self.commit()

    def _attempt(self, delivery_id: str) -> None:
        status: int | None = None
        error: str | None = None
        try:
            with self.lock:
                send = self._deliveries.prepare(self._world, delivery_id)
                self.commit()
            if send is None:
                return
            status = send()
        except Exception as problem:  # noqa: BLE001 - every failure, also of a user's sender, is a failed delivery
            error = f"{type(problem).__name__}: {problem}"
            if not isinstance(problem, OSError):
                logger.warning("webhook delivery %s failed: %s", delivery_id, error, exc_info=problem)
        with self.lock:
            self._deliveries.conclude(self._world, delivery_id, status, error)
            self.commit()

    def _wake(self) -> None:
        if self._clock.manual or self._closed:
            return
        if self._ticker is None:
            ticker = threading.Thread(target=self._tick, name="vocobase-sandbox-clock", daemon=True)
            ticker.start()
            self._ticker = ticker
        else:
            self._changed.notify_all()

    def _tick(self) -> None:
        while True:
            try:
                needed = self._follow()
            except Exception:  # noqa: BLE001 - the clock must continue, or nothing would become due
                logger.exception("a transition failed; the clock continues")
                with self.lock:
                    # Do not spin if it fails repeatedly.
                    self._changed.wait(self.pause_seconds)
                continue
            if not needed:
                return

    def _follow(self) -> bool:
        """Wait for the next transition and run it; return whether the thread is still needed."""
        with self.lock:
            due = self._world.next_due()
            if due is None or self._closed:
                self._ticker = None
                return False
            pause = self._clock.real_seconds(due - self._clock.now_ms())
            if pause > 0:
                self._changed.wait(min(pause, _MAX_WAIT_SECONDS))
                return True
            self._run_due(self._clock.now_ms())
        self.deliver()
        return True

    def resume(self) -> None:
        """Continue after the state was replaced: wake the clock and resend interrupted deliveries."""
        self._deliveries.recover(self._world)
        if self._world.next_due() is not None:
            self._wake()

    def close(self) -> None:
        """Stop following the clock."""
        with self.lock:
            self._closed = True
            self._changed.notify_all()


class SandboxClock:
    """The clock of a sandbox: read it, or move it forward."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def __repr__(self) -> str:
        return f"SandboxClock({iso(self._clock.now_ms())!r}, manual={self.manual})"

    @property
    def manual(self) -> bool:
        """Whether time stands still between calls of `advance`."""
        return self._clock.manual

    @property
    def shared(self) -> bool:
        """Whether the programs in this process use this time; `sandbox_time` sets it."""
        return self._clock.shared

    @shared.setter
    def shared(self, shared: bool) -> None:
        self._clock.shared = shared

    @property
    def now(self) -> datetime:
        """The current time of the sandbox."""
        return datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC)

    @property
    def next_due(self) -> datetime | None:
        """When the next transition or delivery is due; None if nothing will happen without a request."""
        due = self._engine.next_due()
        return None if due is None else datetime.fromtimestamp(due / 1000, UTC)

    def advance(self, seconds: float) -> None:
        """Move the clock forward and run everything that becomes due, in order.

        Under a manual clock, due webhooks are delivered before this returns.

        Args:
            seconds: Seconds of the sandbox clock, at least 0.

        Raises:
            ValueError: it is not such a number.
        """
        if not is_number(seconds) or not 0 <= seconds <= 10**10:
            raise ValueError("seconds must be a number of at least 0")
        self._engine.run_until(self._clock.now_ms() + round(seconds * 1000))
