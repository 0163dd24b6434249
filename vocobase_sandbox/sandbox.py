"""The emulator as one object: an account, its clock, and the ways into it."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from vocobase_sandbox.control.api import Control
from vocobase_sandbox.front import guard
from vocobase_sandbox.front.app import App, broken, safely
from vocobase_sandbox.kernel import paths
from vocobase_sandbox.kernel.clock import make_clock
from vocobase_sandbox.kernel.engine import Engine, SandboxClock
from vocobase_sandbox.kernel.faults import Faults
from vocobase_sandbox.kernel.messages import ApiError, Request, Response, Row, failure
from vocobase_sandbox.kernel.request_log import RequestLog
from vocobase_sandbox.kernel.settings import LOCAL_ORIGIN, Settings
from vocobase_sandbox.kernel.store import Store
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import calls, objects, webhooks
from vocobase_sandbox.rules.account import bootstrap
from vocobase_sandbox.rules.seed_data import Loader
from vocobase_sandbox.rules.seed_file import read

if TYPE_CHECKING:
    from vocobase_sandbox.front.server import RunningServer
    from vocobase_sandbox.httpx_transport import AsyncSandboxTransport, SandboxTransport
    from vocobase_sandbox.kernel.statefile import StateFile


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Hold the whole state of a sandbox at one instant."""

    now_ms: int
    content: Any


class Sandbox:
    """Emulate one account of the Vocobase Partner API.

    Args:
        seed: Identifiers, secrets and random choices depend on it and on the order of requests only.
        clock: `real`, `manual` (moved by `clock.advance`) or `xN` (N times as fast as real).
        start: Where the clock begins, with a time zone; the present by default.
        strict: Refuse undocumented members instead of warning about them.
        state: SQLite file that keeps the state; in memory only when left out.
        data: Seed data for a fresh account: a mapping, or a JSON or YAML file.
        api_key: The key to accept; made from the seed when left out.
        choices: Any further member of `Settings`, for instance `rate_limits=False` or `balance=20`.

    Raises:
        ValueError: When a choice, the state file or the seed data cannot be used.
    """

    def __init__(
        self,
        *,
        seed: int | str = 0,
        clock: str | float = "real",
        start: datetime | None = None,
        strict: bool = False,
        state: str | Path | None = None,
        data: str | Path | Row | None = None,
        api_key: str | None = None,
        **choices: Any,
    ) -> None:
        self.settings = replace(Settings(seed=seed, strict=strict), **choices)
        self._given_key = api_key
        self._data = None if data is None else read(data)
        self._clock = make_clock(clock, None if start is None else _milliseconds(start))
        self._start_ms = self._clock.now_ms()
        self._file = None if state is None else _open_state(state)
        self._store = Store(self._file)
        if self._file is not None:
            self._store.load(self._file.rows(), self._file.blobs())
        self.world = World(self.settings, self._clock, self._store)
        self.faults = Faults(self.world, objects.expire_urls)
        self._app = App(self.world, self.faults, Control(self).handle)
        self._engine = Engine(self.world, self._store, webhooks)
        self.clock = SandboxClock(self._engine, self._clock)
        try:
            self._begin()
        except Exception:
            # Bad seed data must leave the state file as fresh as it was.
            self._store.detach()
            self.close()
            raise

    def _begin(self) -> None:
        """Fill an empty account, or go on with a loaded one."""
        account = self.world.account
        fresh = "api_key" not in account
        if "clock_ms" in account:
            self._clock.advance_to(account["clock_ms"])
        bootstrap(self.world, self._given_key)
        if fresh and self._data is not None:
            Loader(self.world, self._app.handle_unlimited).load(self._data)
        self._engine.commit()
        self._engine.resume()

    @property
    def api_key(self) -> str:
        """The key that requests must carry."""
        return str(self.world.account["api_key"])

    @property
    def base_url(self) -> str:
        """The base URL for the in-process transports."""
        return LOCAL_ORIGIN + paths.API

    @property
    def requests(self) -> RequestLog:
        """The latest requests with their durations."""
        return self._app.requests

    @property
    def events(self) -> list[Row]:
        """The event log: requests, transitions, deliveries and faults, the latest ten thousand."""
        with self._engine.lock:
            return list(self.world.log)

    def event_log(self) -> str:
        """Write the event log as JSON lines; equal seeds and scripts give equal logs."""
        return "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in self.events)

    @property
    def deliveries(self) -> list[Row]:
        """The webhook deliveries with payload and attempts, oldest first."""
        with self._engine.lock:
            return [webhooks.view(row) for row in self._store.rows("deliveries")]

    def handle(self, request: Request, *, guarded: bool = False) -> Response:
        """Answer one request.

        Args:
            request: What a front received.
            guarded: Whether Host and Origin must be those of this machine.
        """
        try:
            if guarded:
                guard.check(request, self.settings.allowed_hosts)
            with self._engine.lock:
                self._engine.catch_up()
                response = self._app.handle(request)
                self._engine.commit()
            self._engine.deliver()
        except ApiError as error:
            return failure(error)
        except Exception:  # noqa: BLE001 - such as a full disk under the state file: an error of this request only
            return broken(request)
        if response.deferred is not None:
            response.deferred = safely(response.deferred, request)
        return response

    def receive_call(
        self,
        from_number: str,
        *,
        to_number: str | None = None,
        agent_id: str | None = None,
        provider: str = "twilio",
    ) -> str:
        """Let somebody call an agent, and return the id of the call.

        Args:
            from_number: Who calls; magic numbers choose the outcome.
            to_number: A number of the account, whose agent answers.
            agent_id: The agent that answers, when no number is given.
            provider: The carrier, when no number is given.

        Raises:
            ApiError: 400 when nobody answers or a number is malformed.
        """
        with self._engine.lock:
            call = calls.receive(self.world, from_number, to_number, agent_id, provider)
            self._engine.commit()
            return str(call["id"])

    def snapshot(self) -> Snapshot:
        """Remember the whole state."""
        with self._engine.lock:
            return Snapshot(self._clock.now_ms(), self._store.snapshot())

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a remembered state; a manual clock goes back as well."""
        with self._engine.lock:
            self._replace(snapshot.content, snapshot.now_ms)

    def reset(self) -> None:
        """Go back to a fresh account, without faults, and to the first identifiers."""
        with self._engine.lock:
            self.faults.clear()
            self._replace(({}, {}), self._start_ms)
            self.world.log.clear()
            self.requests.clear()

    def _replace(self, content: Any, now_ms: int) -> None:
        self._store.restore(content)
        if self._clock.manual:
            self._clock.move_to(now_ms)
        self._app.limiter.reset()
        self.world.reload()
        self._begin()

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
        from vocobase_sandbox.front.server import RunningServer

        server = RunningServer(self, host, port)
        before, self.world.origin = self.world.origin, server.url
        try:
            yield server
        finally:
            self.world.origin = before
            server.close()

    def close(self) -> None:
        """Stop the clock and release the state file; deliveries in progress end by themselves."""
        self._engine.close()
        with self._engine.lock:
            self._engine.commit()
            if self._file is not None:
                self._store.detach()
                self._file.close()
                self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _milliseconds(start: datetime) -> int:
    if start.tzinfo is None:
        raise ValueError("start needs a time zone, such as datetime(2026, 1, 5, 9, tzinfo=timezone.utc)")
    return round(start.timestamp() * 1000)


def _open_state(path: str | Path) -> StateFile:
    # SQLite costs 10 ms that a sandbox in memory never needs.
    from vocobase_sandbox.kernel.statefile import StateFile

    return StateFile(path)
