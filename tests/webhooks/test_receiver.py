"""The receiver and its claims."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from traceback import TracebackException
from typing import Any

import pytest

from vocobase import ConfigurationError, VocobaseError
from vocobase.webhooks import (
    Dedupe,
    MemoryDedupe,
    SessionCompleted,
    SQLiteDedupe,
    UnknownEvent,
    WebhookError,
    WebhookReceiver,
    sign,
    verify,
)
from vocobase.webhooks._reasons import STATUS

from .support import DATA, NOW, SECRET, FakeClock, encode, reason, receiver, signed

BODY = encode()
HEADERS = signed(BODY)


async def never_awaited() -> Any: ...


class AsyncStore:
    """A store whose methods would have to be awaited."""

    async def claim(self, *_: object) -> str:
        raise AssertionError

    renew = confirm = release = claim


def test_a_request_becomes_an_event() -> None:
    event = receiver().receive(BODY, HEADERS)
    assert isinstance(event, SessionCompleted) and event.session_id == DATA["session_id"]


def test_the_real_clock_is_the_default() -> None:
    headers = sign(BODY, SECRET)
    assert isinstance(WebhookReceiver(SECRET).receive(BODY, headers), SessionCompleted)
    assert reason(WebhookReceiver(SECRET).receive, BODY, HEADERS) in ("too-old", "too-new")


def test_refusals_are_errors_of_the_sdk_with_a_reason() -> None:
    with pytest.raises(WebhookError) as caught:
        receiver(secrets="whsec_other").receive(BODY, HEADERS)
    assert isinstance(caught.value, VocobaseError) and caught.value.reason == "bad-signature"


def test_every_option_reaches_the_check() -> None:
    assert reason(receiver(max_body=10).receive, BODY, HEADERS) == "too-large"
    late = FakeClock(NOW.timestamp() + 60)
    assert reason(receiver(clock=late, tolerance=59).receive, BODY, HEADERS) == "too-old"
    receiver(clock=late, tolerance=None).receive(BODY, HEADERS)
    receiver(secrets=iter(["whsec_new", SECRET])).receive(BODY, HEADERS)
    rotating = receiver(secrets=iter([SECRET]))
    for _ in range(2):
        rotating.receive(BODY, HEADERS)
    receiver(secrets=lambda: [SECRET]).receive(BODY, HEADERS)


@pytest.mark.parametrize("secrets", ["", None, [], 5, b"whsec_a", [None], "whsec_a\n"])
def test_unusable_secrets_show_when_the_receiver_is_created(secrets: Any) -> None:
    with pytest.raises(ConfigurationError, match="secret"):
        WebhookReceiver(secrets)


@pytest.mark.parametrize(
    "fail",
    [
        lambda: receiver().receive(BODY + b" ", HEADERS),
        lambda: receiver(clock=FakeClock(0)).receive(BODY, HEADERS),
        lambda: receiver(secrets=lambda: [SECRET, "whsec_a\n"]).receive(BODY, HEADERS),
        lambda: receiver(secrets=[SECRET, 5]),
        lambda: receiver(secrets=[SECRET, ""]),
        lambda: receiver(tolerance=-1),
        lambda: verify(BODY, {}, [SECRET]),
        lambda: verify(BODY, signed(BODY, "whsec_other"), SECRET),
    ],
)
def test_tools_that_show_the_variables_of_a_traceback_show_no_secret(fail: Callable[[], Any]) -> None:
    with pytest.raises(VocobaseError) as caught:
        fail()
    shown = "".join(TracebackException.from_exception(caught.value, capture_locals=True).format())
    frames = [part for part in shown.split('  File "') if "vocobase/webhooks" in part.partition(", line")[0]]
    ours = [part for part in frames if "/tests/" not in part.partition(", line")[0]]
    assert len(ours) >= 1
    assert [part for part in ours if SECRET in part] == []


@pytest.mark.parametrize(
    "options",
    [
        *({"tolerance": wrong} for wrong in (-1, float("nan"), "300", True, timedelta(minutes=5))),
        *({"max_body": wrong} for wrong in (0, None, "1000", 1.5, True)),
        *({"lease": wrong} for wrong in (0, None, "3", float("nan"), 3601)),
        *({"dedupe": wrong} for wrong in ("events.sqlite", True, MemoryDedupe, AsyncStore())),
        *({"clock": wrong} for wrong in (5, never_awaited)),
    ],
)
def test_unusable_options_show_when_the_receiver_is_created(options: Any) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(options))):
        WebhookReceiver(SECRET, **options)


def test_an_async_function_for_the_secrets_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="secrets must be a plain function, not an async function"):
        WebhookReceiver(never_awaited)  # type: ignore[arg-type]


def test_without_a_store_duplicates_are_not_detected() -> None:
    plain = receiver()
    assert plain.receive(BODY, HEADERS) == plain.receive(BODY, HEADERS)
    with plain.handling(BODY, HEADERS) as event, plain.handling(BODY, HEADERS) as again:
        assert event == again


def test_a_second_delivery_is_a_duplicate(dedupe: Dedupe) -> None:
    once = receiver(dedupe=dedupe)
    once.receive(BODY, HEADERS)
    assert reason(once.receive, BODY, HEADERS) == "duplicate"
    later = encode(credits_used=5)
    assert reason(once.receive, later, signed(later)) == "duplicate"


def test_another_session_is_not_a_duplicate(dedupe: Dedupe) -> None:
    once = receiver(dedupe=dedupe)
    for session_id in ("a", "b", "B", "\ud800", "\udfff", "x" * 1000, "x" * 1001, "a\0", "एक"):
        body = encode(session_id=session_id)
        once.receive(body, signed(body))
        assert reason(once.receive, body, signed(body)) == "duplicate"


def test_a_refused_request_is_not_remembered(dedupe: Dedupe) -> None:
    once = receiver(dedupe=dedupe)
    assert reason(once.receive, BODY, signed(BODY, "whsec_other")) == "bad-signature"
    once.receive(BODY, HEADERS)


def test_unknown_events_are_never_dropped(dedupe: Dedupe) -> None:
    """Two of them with one session may be different events."""
    once = receiver(dedupe=dedupe)
    body = encode("session.updated")
    for _ in range(2):
        assert isinstance(once.receive(body, signed(body)), UnknownEvent)
        with once.handling(body, signed(body)) as event:
            assert isinstance(event, UnknownEvent)


def test_an_event_is_in_progress_while_its_block_runs_and_a_duplicate_after_it(dedupe: Dedupe) -> None:
    once = receiver(dedupe=dedupe)
    with once.handling(BODY, HEADERS) as event:
        assert isinstance(event, SessionCompleted)
        assert reason(once.handling, BODY, HEADERS) == "in-progress"
        assert reason(once.receive, BODY, HEADERS) == "in-progress"
    assert reason(once.handling, BODY, HEADERS) == "duplicate"


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_a_block_that_raises_releases_the_event(dedupe: Dedupe, failure: type[BaseException]) -> None:
    once = receiver(dedupe=dedupe)
    with pytest.raises(failure), once.handling(BODY, HEADERS):
        raise failure
    with once.handling(BODY, HEADERS) as event:
        assert isinstance(event, SessionCompleted)


def test_a_claim_can_be_confirmed_and_released_by_hand(dedupe: Dedupe) -> None:
    once = receiver(dedupe=dedupe)
    claim = once.claim(BODY, HEADERS)
    claim.release()
    claim = once.claim(BODY, HEADERS)
    claim.confirm()
    assert reason(once.claim, BODY, HEADERS) == "duplicate"


@pytest.mark.parametrize("dies_in", [0, 1, 2])
def test_the_last_attempt_gets_an_event_in_whichever_attempt_before_its_handler_died(
    timed: Dedupe, clock: FakeClock, dies_in: int
) -> None:
    """Attempts come 1, 2 and 4 seconds after the failure of the previous one; errors release the event."""
    once = receiver(dedupe=timed)
    for number, pause in enumerate((1, 2, 4)):
        if number <= dies_in:
            claim = once.claim(BODY, HEADERS)
            if number < dies_in:
                claim.release()
        clock.now += pause
    once.claim(BODY, HEADERS)


def test_a_handler_that_died_holds_the_event_for_its_lease_only(timed: Dedupe, clock: FakeClock) -> None:
    once = receiver(dedupe=timed)
    once.claim(BODY, HEADERS)
    clock.now += 2.9
    assert reason(once.claim, BODY, HEADERS) == "in-progress"
    clock.now += 0.2
    once.claim(BODY, HEADERS)


DIE_WHILE_HANDLING = """
import os, signal, sys
from vocobase.webhooks import SQLiteDedupe, WebhookReceiver, sign
body = sys.argv[2].encode()
receiver = WebhookReceiver("whsec_a", dedupe=SQLiteDedupe(sys.argv[1]))
with receiver.handling(body, sign(body, "whsec_a")):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_event_survives_the_death_of_the_process_that_handled_it(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    died = subprocess.run(
        [sys.executable, "-c", DIE_WHILE_HANDLING, str(path), BODY.decode()],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert died.returncode == -signal.SIGKILL
    started = time.time()
    last_attempt = receiver(dedupe=SQLiteDedupe(path, clock=lambda: started + 4))
    with last_attempt.handling(BODY, HEADERS) as event:
        assert isinstance(event, SessionCompleted)


def test_a_block_may_await(dedupe: Dedupe) -> None:
    once = receiver(dedupe=dedupe)

    async def work() -> None:
        with once.handling(BODY, HEADERS):
            await asyncio.sleep(0)

    asyncio.run(work())
    assert reason(once.receive, BODY, HEADERS) == "duplicate"


class Elsewhere(MemoryDedupe):
    """Records the threads that call it, and blocks until the test lets it continue."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[threading.Thread] = []
        self.go_on = threading.Event()

    def confirm(self, key: str) -> None:
        self.threads.append(threading.current_thread())
        assert self.go_on.wait(10)
        super().confirm(key)

    def release(self, key: str, token: str) -> None:
        self.threads.append(threading.current_thread())
        assert self.go_on.wait(10)
        super().release(key, token)


@pytest.mark.parametrize("failure", [None, ValueError])
def test_an_event_loop_goes_on_while_the_store_is_slow(failure: type[Exception] | None) -> None:
    store = Elsewhere()
    once = receiver(dedupe=store)

    async def work() -> None:
        claim = await asyncio.to_thread(once.claim, BODY, HEADERS)
        with suppress(ValueError):
            async with claim as event:
                assert isinstance(event, SessionCompleted)
                # Runs while the end of the block waits for the store.
                asyncio.get_running_loop().call_later(0.01, store.go_on.set)
                if failure is not None:
                    raise failure

    asyncio.run(work())
    assert len(store.threads) == 1 and store.threads[0] is not threading.main_thread()
    if failure is None:
        assert reason(once.receive, BODY, HEADERS) == "duplicate"
    else:
        once.claim(BODY, HEADERS)


def test_a_block_that_is_cancelled_twice_releases_the_event() -> None:
    store = Elsewhere()
    once = receiver(dedupe=store)

    async def handle() -> None:
        async with once.handling(BODY, HEADERS):
            await asyncio.Event().wait()

    async def work() -> None:
        task = asyncio.create_task(handle())
        await asyncio.sleep(0)
        task.cancel()
        while not store.threads:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        store.go_on.set()

    asyncio.run(work())
    once.claim(BODY, HEADERS)


def test_of_many_threads_with_one_event_one_works_on_it(dedupe: Dedupe) -> None:
    once = receiver(dedupe=dedupe)
    everybody = threading.Barrier(8)

    def work(_: int) -> str:
        everybody.wait(10)
        try:
            with once.handling(BODY, HEADERS):
                return "handled"
        except WebhookError as error:
            return error.reason

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(work, range(8)))
    assert results.count("handled") == 1 and set(results) <= {"handled", "in-progress", "duplicate"}


class Watched(MemoryDedupe):
    """Counts renewals, and lets a test fail any method."""

    def __init__(self, *failing: str) -> None:
        super().__init__()
        self.failing = set(failing)
        self.renewals = 0
        self.renewed = threading.Event()
        self.lost = False

    def _fail(self, name: str) -> None:
        if name in self.failing:
            raise OSError("the store is away")

    def claim(self, key: str, token: str, lease: float) -> Any:
        self._fail("claim")
        return super().claim(key, token, lease)

    def renew(self, key: str, token: str, lease: float) -> bool:
        self.renewals += 1
        if self.renewals >= 3:
            self.renewed.set()
        self._fail("renew")
        return not self.lost and super().renew(key, token, lease)

    def confirm(self, key: str) -> None:
        self._fail("confirm")
        super().confirm(key)

    def release(self, key: str, token: str) -> None:
        self._fail("release")
        super().release(key, token)


def keepers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "vocobase-webhook-claim"]


@pytest.mark.parametrize("failing", [[], ["renew"]])
def test_long_work_renews_its_claim_even_when_the_store_fails_at_times(failing: list[str]) -> None:
    store = Watched(*failing)
    with receiver(dedupe=store, lease=0.003).handling(BODY, HEADERS):
        assert store.renewed.wait(10)
    for thread in keepers():
        thread.join(10)
    assert keepers() == []


@pytest.mark.parametrize("fails", [False, True])
def test_renewing_ends_with_the_block(fails: bool) -> None:
    with suppress(ZeroDivisionError), receiver(dedupe=MemoryDedupe(), lease=3600).handling(BODY, HEADERS):
        (keeper,) = keepers()
        _ = 1 // (not fails)
    keeper.join(10)
    assert not keeper.is_alive()


def test_a_claim_is_renewed_long_before_it_ends() -> None:
    class Pauses(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            pauses.append(timeout or 0)
            return len(pauses) > 2

    pauses: list[float] = []
    claim = receiver(dedupe=MemoryDedupe(), lease=30).claim(BODY, HEADERS)
    claim._over = Pauses()
    with claim:
        for thread in keepers():
            thread.join(10)
    assert pauses == [10, 10, 10]


def test_renewing_ends_when_the_claim_is_lost() -> None:
    store = Watched()
    store.lost = True
    with receiver(dedupe=store, lease=0.003).handling(BODY, HEADERS):
        for thread in keepers():
            thread.join(10)
        assert store.renewals == 1


def test_work_goes_on_when_no_thread_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    once = receiver(dedupe=MemoryDedupe())
    with once.handling(BODY, HEADERS):
        pass
    assert reason(once.receive, BODY, HEADERS) == "duplicate"


@pytest.mark.parametrize("failing", ["claim", "confirm"])
def test_a_store_that_fails_asks_for_a_retry(failing: str) -> None:
    with pytest.raises(WebhookError) as caught:
        receiver(dedupe=Watched(failing)).receive(BODY, HEADERS)
    assert caught.value.reason == "unavailable" and isinstance(caught.value.__cause__, OSError)


def test_a_store_that_fails_to_release_says_so() -> None:
    claim = receiver(dedupe=Watched("release")).claim(BODY, HEADERS)
    assert reason(claim.release) == "unavailable"


def test_work_that_is_done_is_not_retried_because_the_store_failed(caplog: pytest.LogCaptureFixture) -> None:
    with receiver(dedupe=Watched("confirm")).handling(BODY, HEADERS):
        pass
    assert "could not record" in caplog.text and SECRET not in caplog.text


def test_the_error_of_the_block_is_not_replaced_by_one_of_the_store(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ZeroDivisionError), receiver(dedupe=Watched("release")).handling(BODY, HEADERS):
        _ = 1 // 0
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_a_file_that_became_unusable_asks_for_a_retry(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    once = receiver(dedupe=SQLiteDedupe(path))
    path.unlink()
    path.mkdir()
    assert reason(once.receive, BODY, HEADERS) == "unavailable"


def test_a_file_that_vanished_is_created_again(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    once = receiver(dedupe=SQLiteDedupe(path))
    path.unlink()
    once.receive(BODY, HEADERS)
    assert reason(once.receive, BODY, HEADERS) == "duplicate"


def test_every_documented_reason_has_a_status() -> None:
    """The list in the documentation of WebhookError equals the table."""
    text = WebhookError.__doc__ or ""
    documented = {part for part in text.split("``")[1::2]}
    assert documented == set(STATUS)
    assert {reason for reason, status in STATUS.items() if status < 300} == {"duplicate"}
