"""Drive a world through time: run what is due, deliver webhooks, keep everything under one lock."""

from __future__ import annotations

import threading

from vocobase_sandbox import _webhooks
from vocobase_sandbox._store import Store
from vocobase_sandbox._world import World

_LONGEST_NAP = 3600.0


class Engine:
    """Own the lock of a world and the thread that follows a running clock.

    Webhooks are sent without the lock, because their receivers may call the sandbox back.
    """

    def __init__(self, world: World, store: Store) -> None:
        self.lock = threading.RLock()
        self._world = world
        self._store = store
        self._clock = world.clock
        self._changed = threading.Condition(self.lock)
        self._ticker: threading.Thread | None = None
        self._closed = False
        world.wake = self._wake

    def commit(self) -> None:
        """Make every change durable, together with the time at which it was made."""
        if self._store.changed:
            self._world.account["clock_ms"] = self._clock.now_ms()
            self._world.save_account()
            self._store.commit()

    def catch_up(self) -> None:
        """Run what became due under a running clock; call it with the lock held."""
        if not self._clock.manual:
            self._run_due(self._clock.now_ms())

    def run_until(self, instant_ms: int) -> None:
        """Move the clock to an instant, stopping at every transition on the way."""
        while True:
            with self.lock:
                due = self._world.next_due()
                if due is None or due > instant_ms:
                    self._clock.move_to(max(instant_ms, self._clock.now_ms()))
                    self._world.save_account()
                    self.commit()
                    # The thread that follows the clock sleeps until an instant that is nearer now.
                    self._changed.notify_all()
                    break
                self._clock.move_to(max(due, self._clock.now_ms()))
                self._run_due(due)
            self.deliver()
        self.deliver()

    def _run_due(self, until_ms: int) -> None:
        while self._world.run_next(until_ms):
            self.commit()

    def deliver(self) -> None:
        """Send the webhooks that are due: here under a manual clock, else each in a thread of its own."""
        with self.lock:
            due = list(self._world.outbox)
            self._world.outbox.clear()
        for delivery_id in due:
            if self._clock.manual:
                self._attempt(delivery_id)
            else:
                threading.Thread(target=self._attempt, args=(delivery_id,), daemon=True).start()

    def _attempt(self, delivery_id: str) -> None:
        with self.lock:
            attempt = _webhooks.prepare(self._world, delivery_id)
            self.commit()
        if attempt is None:
            return
        send = self._world.settings.sender or _webhooks.send_http
        status: int | None = None
        error: str | None = None
        try:
            status = send(attempt.url, attempt.headers, attempt.body, _webhooks.TIMEOUT_SECONDS)
        except OSError as problem:
            error = f"{type(problem).__name__}: {problem}"
        with self.lock:
            _webhooks.conclude(self._world, delivery_id, status, error)
            self.commit()

    def _wake(self) -> None:
        if self._clock.manual or self._closed:
            return
        if self._ticker is None:
            self._ticker = threading.Thread(target=self._tick, name="vocobase-sandbox-clock", daemon=True)
            self._ticker.start()
        else:
            self._changed.notify_all()

    def _tick(self) -> None:
        while True:
            with self.lock:
                due = self._world.next_due()
                if due is None or self._closed:
                    self._ticker = None
                    return
                pause = self._clock.real_seconds(due - self._clock.now_ms())
                if pause > 0:
                    self._changed.wait(min(pause, _LONGEST_NAP))
                    continue
                self._run_due(self._clock.now_ms())
            self.deliver()

    def resume(self) -> None:
        """Go on after the state was replaced: wake the clock and repeat interrupted deliveries."""
        _webhooks.recover(self._world)
        if self._world.next_due() is not None:
            self._wake()

    def close(self) -> None:
        """Stop following the clock."""
        with self.lock:
            self._closed = True
            self._changed.notify_all()
