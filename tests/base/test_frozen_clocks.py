"""Tools that freeze the clock take effect everywhere at once, whatever was imported before them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import freezegun
import pytest
import time_machine

from vocobase import CallWindow, open_ledger
from vocobase._base.clock import SYSTEM, monotonic_clock_of
from vocobase._base.runtime import AsyncRuntime
from vocobase.webhooks import MemoryDedupe, SQLiteDedupe, WebhookError, WebhookReceiver, sign, verify

SECRET = "whsec_frozen"
BODY = b'{"event": "session.completed", "data": {"session_id": "s1"}}'
THEN = datetime(2031, 3, 3, 12, tzinfo=UTC)
Frozen = Callable[[datetime], AbstractContextManager[Any]]


def travel(instant: datetime) -> AbstractContextManager[Any]:
    return time_machine.travel(instant, tick=False)


@pytest.fixture(params=[freezegun.freeze_time, travel], ids=["freezegun", "time-machine"])
def frozen(request: pytest.FixtureRequest) -> Iterator[Frozen]:
    yield request.param


def test_a_delivery_that_was_signed_is_fresh(frozen: Frozen) -> None:
    receiver = WebhookReceiver(SECRET)
    with frozen(THEN):
        headers = sign(BODY, SECRET)
        assert any(text.startswith("2031-03-03T12:00:00") for text in headers.values())
        verify(BODY, headers, SECRET)
        assert receiver.receive(BODY, headers).event == "session.completed"
    with frozen(THEN + timedelta(seconds=301)), pytest.raises(WebhookError, match="301 s ago"):
        receiver.receive(BODY, headers)


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_handled_events_are_forgotten_by_the_frozen_clock(frozen: Frozen, kind: str, tmp_path: Path) -> None:
    store = MemoryDedupe(ttl=60) if kind == "memory" else SQLiteDedupe(tmp_path / "events.sqlite", ttl=60)
    with frozen(THEN):
        assert store.claim("e", "one", 3) == "claimed"
        store.confirm("e")
    with frozen(THEN + timedelta(seconds=59)):
        assert store.claim("e", "two", 3) == "done"
    with frozen(THEN + timedelta(seconds=61)):
        assert store.claim("e", "three", 3) == "claimed"


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_a_ledger_keeps_the_frozen_time(frozen: Frozen, tmp_path: Path, asynchronous: bool) -> None:
    ledger = open_ledger(tmp_path / "list.sqlite")

    def do(work: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        if not asynchronous:
            return work(*arguments, **options)
        return asyncio.run(AsyncRuntime().run_shielded(work, *arguments, **options))

    with frozen(THEN):
        assert do(ledger.now) == THEN.timestamp()
        ledger.enter("s", [("a", {})])
        (entry,) = do(ledger.claim, "s", "me", 1, lease=90)
        assert entry.claimed_at == THEN.timestamp()
    with frozen(THEN + timedelta(seconds=89)):
        assert do(ledger.take_over, "s", "you", 1, lease=90) == []
    with frozen(THEN + timedelta(seconds=91)):
        assert len(do(ledger.take_over, "s", "you", 1, lease=90)) == 1


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_time_limits_pass_while_the_clock_is_frozen(frozen: Frozen, platform: str) -> None:
    clock = monotonic_clock_of(platform)
    with frozen(THEN):
        before, began = clock(), SYSTEM.monotonic()
        assert SYSTEM.time() == THEN.timestamp()
        assert any(clock() > before and SYSTEM.monotonic() > began for _ in range(100_000))


def test_a_store_in_memory_survives_a_clock_that_is_set_back() -> None:
    now = 1000.0
    store = MemoryDedupe(ttl=60, clock=lambda: now)
    assert store.claim("held", "one", 3) == "claimed"
    assert store.claim("done", "one", 3) == "claimed"
    store.confirm("done")
    now = 10.0
    assert store.claim("held", "two", 3) == "busy"
    assert store.claim("done", "two", 3) == "done"
    now = 10.0 + 3.1
    assert store.claim("held", "two", 3) == "claimed", (
        "a lease lasts no longer because the clock was set back"
    )
    now = 10.0 + 60.1
    assert store.claim("done", "two", 3) == "claimed"


def test_windows_use_the_clock_of_the_ledger(frozen: Frozen, tmp_path: Path) -> None:
    window = CallWindow(time(9), time(17), timezone="UTC")
    ledger = open_ledger(tmp_path / "list.sqlite")
    with frozen(THEN):
        assert window.is_open(datetime.fromtimestamp(ledger.now(), UTC), [UTC])
    with frozen(THEN + timedelta(hours=8)):
        assert not window.is_open(datetime.fromtimestamp(ledger.now(), UTC), [UTC])
