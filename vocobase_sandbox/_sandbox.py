"""The emulator as one object: account, clock, delivery of webhooks and the ways in."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from vocobase_sandbox import _guard, _webhooks
from vocobase_sandbox._account import bootstrap
from vocobase_sandbox._app import App
from vocobase_sandbox._clock import Clock, make_clock
from vocobase_sandbox._http import ApiError, Request, Response, failure
from vocobase_sandbox._router import BASE_PATH
from vocobase_sandbox._settings import LOCAL_ORIGIN, Settings
from vocobase_sandbox._store import Store
from vocobase_sandbox._world import World

if TYPE_CHECKING:
    from vocobase_sandbox._server import RunningServer
    from vocobase_sandbox.httpx_transport import AsyncSandboxTransport, SandboxTransport

_LONGEST_NAP = 3600.0


class SandboxClock:
    """Show and move the time of a sandbox."""

    def __init__(self, sandbox: Sandbox, clock: Clock) -> None:
        self._sandbox = sandbox
        self._clock = clock

    @property
    def manual(self) -> bool:
        """Whether time stands still between calls of `advance`."""
        return self._clock.manual

    @property
    def now(self) -> datetime:
        """The present instant."""
        return datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC)

    def advance(self, seconds: float) -> None:
        """Move the time forward and run everything that becomes due, in order.

        Under a manual clock due webhooks are delivered before this returns.

        Args:
            seconds: How far, at least 0.
        """
        if not 0 <= seconds <= 10**10:
            raise ValueError("seconds must be at least 0")
        self._sandbox.run_until(self._clock.now_ms() + round(seconds * 1000))


class Sandbox:
    """Emulate one account of the Vocobase Partner API.

    Args:
        seed: Identifiers, secrets and random choices depend on it and on the order of requests only.
        clock: `real`, `manual` (moved by `clock.advance`) or `xN` (N times as fast as real).
        state: SQLite file that keeps the state; in memory only when left out.
        api_key: The key to accept; made from the seed when left out.
        settings: A complete set of choices instead of single ones.
        choices: Any member of `Settings`, for instance `rate_limits=False` or `balance=20`.
    """

    def __init__(
        self,
        *,
        seed: int | str = 0,
        clock: str | float = "real",
        strict: bool = False,
        state: str | Path | None = None,
        api_key: str | None = None,
        settings: Settings | None = None,
        **choices: Any,
    ) -> None:
        self.settings = settings or replace(Settings(seed=seed, strict=strict), **choices)
        self._clock = make_clock(clock)
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._ticker: threading.Thread | None = None
        self._closed = False
        self._store = Store()
        if state is not None:
            raise NotImplementedError(state)
        self.world = World(self.settings, self._clock, self._store)
        self.app = App(self.world)
        bootstrap(self.world, api_key)
        self.world.wake = self._wake
        self.clock = SandboxClock(self, self._clock)

    @property
    def api_key(self) -> str:
        """The key that requests must carry."""
        return str(self.world.account["api_key"])

    @property
    def base_url(self) -> str:
        """The base URL for the in-process transports."""
        return LOCAL_ORIGIN + BASE_PATH

    def handle(self, request: Request, *, guarded: bool = False) -> Response:
        """Answer one request.

        Args:
            request: What a front received.
            guarded: Whether Host and Origin must be those of this machine.
        """
        if guarded:
            try:
                _guard.check(request, self.settings.allowed_hosts)
            except ApiError as error:
                return failure(error)
        with self._lock:
            if not self._clock.manual:
                self._run_due(self._clock.now_ms())
            response = self.app.handle(request)
            self._store.commit()
        self._deliver()
        return response

    def run_until(self, instant_ms: int) -> None:
        """Move the clock to an instant, stopping at every transition on the way."""
        while True:
            with self._lock:
                due = self.world.next_due()
                if due is None or due > instant_ms:
                    self._clock.move_to(max(instant_ms, self._clock.now_ms()))
                    break
                self._clock.move_to(max(due, self._clock.now_ms()))
                self._run_due(due)
            self._deliver()
        self._deliver()

    def _run_due(self, until_ms: int) -> None:
        while self.world.run_next(until_ms):
            self._store.commit()

    def _deliver(self) -> None:
        with self._lock:
            due = list(self.world.outbox)
            self.world.outbox.clear()
        for delivery_id in due:
            if self._clock.manual:
                self._attempt(delivery_id)
            else:
                threading.Thread(target=self._attempt, args=(delivery_id,), daemon=True).start()

    def _attempt(self, delivery_id: str) -> None:
        with self._lock:
            attempt = _webhooks.prepare(self.world, delivery_id)
            self._store.commit()
        if attempt is None:
            return
        send = self.settings.sender or _webhooks.send_http
        status: int | None = None
        error: str | None = None
        try:
            status = send(attempt.url, attempt.headers, attempt.body, _webhooks.TIMEOUT_SECONDS)
        except OSError as problem:
            error = f"{type(problem).__name__}: {problem}"
        with self._lock:
            _webhooks.conclude(self.world, delivery_id, status, error)
            self._store.commit()

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
            with self._lock:
                due = self.world.next_due()
                if due is None or self._closed:
                    self._ticker = None
                    return
                pause = self._clock.real_seconds(due - self._clock.now_ms())
                if pause > 0:
                    self._changed.wait(min(pause, _LONGEST_NAP))
                    continue
                self._run_due(self._clock.now_ms())
            self._deliver()

    def transport(self) -> SandboxTransport:
        """Return a transport for `httpx.Client` that reaches this sandbox without a socket."""
        from vocobase_sandbox.httpx_transport import SandboxTransport

        return SandboxTransport(self)

    def async_transport(self) -> AsyncSandboxTransport:
        """Return a transport for `httpx.AsyncClient` that reaches this sandbox without a socket."""
        from vocobase_sandbox.httpx_transport import AsyncSandboxTransport

        return AsyncSandboxTransport(self)

    @contextmanager
    def serve(self, port: int = 0, host: str = "127.0.0.1") -> Generator[RunningServer]:
        """Serve over HTTP in a thread while the context is open.

        Args:
            port: Port to listen on; 0 lets the system choose.
            host: Address to listen on.

        Raises:
            OSError: When the port is in use.
        """
        from vocobase_sandbox._server import RunningServer

        server = RunningServer(self, host, port)
        before, self.world.origin = self.world.origin, server.url
        try:
            yield server
        finally:
            self.world.origin = before
            server.close()

    def close(self) -> None:
        """Stop the clock; deliveries in progress end by themselves."""
        with self._lock:
            self._closed = True
            self._changed.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
