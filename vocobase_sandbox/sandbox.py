"""The sandbox: one emulated account, composed of state, clock, rules and fronts."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

from vocobase_sandbox.control.api import Control
from vocobase_sandbox.control.operator import Operator
from vocobase_sandbox.front import guard
from vocobase_sandbox.front.app import App, internal_error, protect
from vocobase_sandbox.front.moved import router_of
from vocobase_sandbox.handlers.calls import facts
from vocobase_sandbox.handlers.keys import KEYS
from vocobase_sandbox.kernel import paths
from vocobase_sandbox.kernel.clock import make_clock
from vocobase_sandbox.kernel.engine import Engine, SandboxClock
from vocobase_sandbox.kernel.faults import Faults
from vocobase_sandbox.kernel.messages import ApiError, Request, Response, Row, failure
from vocobase_sandbox.kernel.request_log import RequestLog
from vocobase_sandbox.kernel.settings import LOCAL_ORIGIN, Options, Settings, check_names
from vocobase_sandbox.kernel.store import Store
from vocobase_sandbox.kernel.world import World
from vocobase_sandbox.rules import objects, webhooks
from vocobase_sandbox.rules.account import bootstrap
from vocobase_sandbox.rules.seed_data import Loader
from vocobase_sandbox.rules.seed_file import read

if TYPE_CHECKING:
    from vocobase_sandbox.front.server import RunningServer
    from vocobase_sandbox.httpx_transport import AsyncSandboxTransport, SandboxTransport
    from vocobase_sandbox.kernel.statefile import StateFile


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole state of a sandbox at one instant."""

    now_ms: int
    content: Any


class Sandbox(Operator):
    """Emulate one account of the Vocobase Partner API.

    Args:
        seed: Identifiers, secrets and random choices depend only on it and on the order of requests.
        clock: `real`, `manual` (moved by `clock.advance`) or `xN` (N times as fast as real).
        start: Start of the clock, with a time zone; default: now.
        strict: Reject undocumented fields instead of logging a warning.
        state: SQLite file that keeps the state; default: in memory only.
        data: Seed data for a fresh account: a mapping, or a JSON or YAML file.
        api_key: The key to accept; default: derived from the seed.
        options: Other fields of `Settings`, for instance `rate_limits=False`, `balance=20`, or
            `routes={"campaigns.stop": "POST /campaigns/{id}/cancel"}` to serve operations elsewhere.

    Raises:
        TypeError: if there is no such option.
        ValueError: if a setting, the state file or the seed data cannot be used.
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
        **options: Unpack[Options],
    ) -> None:
        check_names(options)
        self.settings = replace(Settings(seed=seed, strict=strict), **options)
        router = router_of(self.settings.routes)
        self._given_key = api_key
        self._place = None if state is None else str(state)
        self._data = None if data is None else read(data)
        self._clock = make_clock(clock, start)
        self._start_ms = self._clock.now_ms()
        self._file = None if state is None else self._open(state)
        self._store = Store(self._file)
        if self._file is not None:
            self._store.load(self._file.rows(), self._file.blobs())
        self.world = World(self.settings, self._clock, self._store)
        self.faults = Faults(self.world, objects.expire_urls, KEYS)
        self._app = App(self.world, self.faults, Control(self).handle, router)
        self._engine = Engine(self.world, self._store, webhooks)
        self.clock = SandboxClock(self._engine, self._clock)
        try:
            self._begin()
        except Exception:
            # Invalid seed data must leave the state file unchanged.
            self._store.detach()
            self.close()
            raise

    def __repr__(self) -> str:
        if "world" not in vars(self):
            # Tools that show tracebacks ask a sandbox for its repr whose construction has failed.
            return "Sandbox(not created)"
        account = self.world.account
        return f"Sandbox(seed={account.get('seed')!r}, state={self._place!r}, clock={self._clock!r})"

    def _begin(self) -> None:
        """Fill an empty account, or continue with a loaded one."""
        account = self.world.account
        fresh = "api_key" not in account
        if "clock_ms" in account:
            self._clock.advance_to(account["clock_ms"])
        bootstrap(self.world, self._given_key)
        if fresh and self._data is not None:
            Loader(self.world, self._app.handle_seed).load(self._data)
        self._engine.commit()
        self._engine.resume()

    @property
    def api_key(self) -> str:
        """The API key that requests must have."""
        return str(self.world.account["api_key"])

    @property
    def seed(self) -> int | str:
        """The seed of the account; an account that was loaded from a state file keeps its own."""
        seed: int | str = self.world.account["seed"]
        return seed

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
        """The event log: the latest ten thousand requests, transitions, deliveries and faults."""
        with self._engine.lock:
            return list(self.world.log)

    def event_log(self) -> str:
        """Return the event log as JSON lines; equal seeds and scripts produce equal logs."""
        return "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in self.events)

    @property
    def calls(self) -> list[Row]:
        """All calls, oldest first, as the API lists them, with variables, transcript, results and price."""
        with self._engine.lock:
            return [facts(self.world, row) for row in self._store.rows("calls")]

    @property
    def deliveries(self) -> list[Row]:
        """The webhook deliveries with payloads and attempts, oldest first."""
        with self._engine.lock:
            return [webhooks.view(row) for row in self._store.rows("deliveries")]

    def handle(self, request: Request, *, guarded: bool = False) -> Response:
        """Handle one request.

        Args:
            request: The request as a front received it.
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
        except Exception:  # noqa: BLE001 - such as a full disk: it concerns this request only
            return internal_error(request)
        if response.deferred is not None:
            response.deferred = protect(response.deferred, request)
        return response

    def snapshot(self) -> Snapshot:
        """Take a snapshot of the whole state."""
        with self._engine.lock:
            return Snapshot(self._clock.now_ms(), self._store.snapshot())

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot; a manual clock goes back as well."""
        with self._engine.lock:
            self._replace(snapshot.content, snapshot.now_ms)

    def seed_with(self, data: str | Path | Row) -> None:
        """Create the entries of seed data in addition to those of the account; all of them or none.

        Args:
            data: Seed data, or a JSON or YAML file of them.

        Raises:
            ValueError: if an entry cannot be created.
        """
        entries = read(data)
        with self._engine.lock:
            before = self.snapshot()
            try:
                Loader(self.world, self._app.handle_seed).load(entries)
            except Exception:
                self.restore(before)
                raise
            self._engine.commit()

    def reset(self) -> None:
        """Go back to a fresh account without faults; identifiers start again."""
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
        """Return a transport that connects `httpx.Client` to this sandbox without a socket."""
        from vocobase_sandbox.httpx_transport import SandboxTransport

        return SandboxTransport(self)

    def async_transport(self) -> AsyncSandboxTransport:
        """Return a transport that connects `httpx.AsyncClient` to this sandbox without a socket."""
        from vocobase_sandbox.httpx_transport import AsyncSandboxTransport

        return AsyncSandboxTransport(self)

    @contextmanager
    def serve(self, port: int = 0, host: str = "127.0.0.1") -> Generator[RunningServer]:
        """Serve over HTTP from a thread while the context is open.

        Args:
            port: Port to listen on; 0 picks a free one.
            host: Address to listen on.

        Raises:
            OSError: if the port is in use.
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
        """Stop the clock and release the state file; deliveries in progress still finish."""
        self._engine.close()
        with self._engine.lock:
            self._engine.commit()
            if self._file is not None:
                self._store.detach()
                self._file.close()
                self._file = None

    @staticmethod
    def _open(path: str | Path) -> StateFile:
        from vocobase_sandbox.kernel.statefile import StateFile  # 10 ms that a sandbox in memory never needs

        return StateFile(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
