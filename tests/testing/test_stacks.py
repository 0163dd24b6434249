"""Whether a thread waits for others is judged by the function of Python's library in which it is."""

from __future__ import annotations

import asyncio
import queue
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from contextlib import suppress
from types import FrameType, SimpleNamespace
from typing import Any

import pytest

from vocobase.testing._stacks import idle_workers, is_known, is_notified, is_waiting, loop_of, pool_of


class Over:
    """The ends of all the waits below."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.future: Future[None] = Future()
        self.queue: queue.Queue[None] = queue.Queue()
        self.barrier = threading.Barrier(2)
        self.helper = threading.Thread(target=self.event.wait)
        self.helper.start()

    def end(self) -> None:
        self.event.set()
        self.future.set_result(None)
        self.queue.put(None)
        self.barrier.abort()
        self.helper.join()


def wait_at_barrier(over: Over) -> None:
    with suppress(threading.BrokenBarrierError):
        over.barrier.wait()


def run_loop(over: Over) -> None:
    async def main() -> None:
        await asyncio.wrap_future(over.future)

    asyncio.run(main())


def serve(over: Over) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:

        def stop() -> None:
            over.event.wait()
            server.shutdown()

        threading.Thread(target=stop).start()
        server.serve_forever(0.01)


def keep_a_pool(over: Over) -> None:
    with ThreadPoolExecutor(1) as threads:
        threads.submit(int).result()
        over.event.wait()


WAITS: dict[str, Callable[[Over], object]] = {
    "Event.wait": lambda over: over.event.wait(),
    "Thread.join": lambda over: over.helper.join(),
    "Thread.join with a timeout": lambda over: over.helper.join(60),
    "Queue.get": lambda over: over.queue.get(),
    "Future.result": lambda over: over.future.result(),
    "futures.wait": lambda over: wait([over.future]),
    "as_completed": lambda over: list(as_completed([over.future])),
    "Barrier.wait": wait_at_barrier,
    "an event loop": run_loop,
    "a server": serve,
    "an idle pool": keep_a_pool,
}


def frame_of(thread: threading.Thread) -> FrameType:
    return sys._current_frames()[thread.ident or 0]


def becomes_idle(thread: threading.Thread) -> bool:
    """Return whether a thread comes to be judged so within some seconds."""
    for _ in range(3000):
        # One that is being started has none.
        frame = sys._current_frames().get(thread.ident or 0)
        if frame is not None and is_known(frame) and is_waiting(frame):
            return True
        time.sleep(0.001)
    return False


@pytest.mark.parametrize("name", WAITS)
def test_a_thread_that_waits_for_others_is_recognized(name: str) -> None:
    over = Over()
    before = set(threading.enumerate())
    thread = threading.Thread(target=WAITS[name], args=(over,))
    thread.start()
    try:
        assert becomes_idle(thread)
        assert all(becomes_idle(other) for other in set(threading.enumerate()) - before)
    finally:
        over.end()
        thread.join()


def join(over: Over) -> None:
    while not over.event.is_set():
        time.sleep(0.001)


def test_a_function_of_the_user_is_busy_whatever_its_name() -> None:
    over = Over()
    thread = threading.Thread(target=join, args=(over,))
    thread.start()
    try:
        seen = 0
        while seen < 50:
            time.sleep(0.001)
            frame = frame_of(thread)
            # On the way there, and in a look at the event, it is elsewhere.
            if frame.f_code is join.__code__:
                seen += 1
                assert not is_waiting(frame) and not is_known(frame)
    finally:
        over.end()
        thread.join()


def frame(module: str, function: str, caller: Any = None, **names: Any) -> Any:
    """A frame of a version of Python, or of a system, that may not be this one."""
    return SimpleNamespace(
        f_globals={"__name__": module},
        f_code=SimpleNamespace(co_name=function),
        f_locals=names,
        f_back=caller,
    )


@pytest.mark.parametrize("waits", [True, False])
def test_a_thread_that_was_notified_is_busy_although_it_has_not_moved_yet(waits: bool) -> None:
    ended = SimpleNamespace(is_alive=lambda: waits)
    queued = SimpleNamespace(empty=lambda: waits)
    lock, condition = SimpleNamespace(locked=lambda: waits), SimpleNamespace(_waiters=["w"] if waits else [])
    for each in (
        frame("threading", "wait", waiter="w", self=condition),
        frame("threading", "_wait_for_tstate_lock", lock=lock),
        frame("threading", "join", self=ended),
        frame("concurrent.futures.thread", "_worker", work_queue=queued),
    ):
        assert is_known(each)
        assert is_waiting(each) is waits


def test_a_thread_was_notified_until_it_runs_again() -> None:
    condition = SimpleNamespace(_waiters=["w"])
    waits, last = {"waiter": "w", "self": condition}, {"waiter": "v", "self": condition}
    assert is_notified(frame("threading", "wait", **last, gotit=False))
    # It waits; it has run, and may wait for the lock of the condition; it does not wait yet; it is elsewhere.
    assert not is_notified(frame("threading", "wait", **waits, gotit=False))
    assert not is_notified(frame("threading", "wait", **last, gotit=True))
    assert not is_notified(frame("threading", "wait", **last))
    assert not is_notified(frame("users", "wait", **last, gotit=False))


def test_a_thread_that_is_about_to_wait_or_has_work_is_busy() -> None:
    empty = SimpleNamespace(empty=lambda: True)
    assert not is_waiting(frame("threading", "wait"))
    assert not is_waiting(frame("concurrent.futures.thread", "_worker", work_queue=empty, work_item=object()))


def test_work_that_a_queue_has_handed_over_already_shows_in_the_pool() -> None:
    with ThreadPoolExecutor(2) as pool:
        wait([pool.submit(int)])
        worker = frame("concurrent.futures.thread", "_worker", executor_reference=lambda: pool)
        assert pool_of(worker) is pool
        for _ in range(3000):
            if idle_workers(pool) == 1:
                break
            time.sleep(0.001)
        assert idle_workers(pool) == 1
        gate = threading.Event()
        pool.submit(gate.wait)
        assert idle_workers(pool) == 0
        gate.set()
    assert pool_of(frame("concurrent.futures.thread", "_worker", executor_reference=lambda: None)) is None
    assert pool_of(frame("threading", "wait")) is None


@pytest.mark.parametrize("ready", [[], ["a callback"]])
def test_an_event_loop_waits_if_no_callback_is_ready(ready: list[str]) -> None:
    running: Any = SimpleNamespace(_ready=ready)
    run = frame("asyncio.base_events", "_run_once", self=running)
    on_windows = frame("asyncio.windows_events", "select", run)
    for select in (frame("selectors", "select", run), frame("asyncio.windows_events", "_poll", on_windows)):
        assert is_known(select)
        assert is_waiting(select) is (not ready)
        assert loop_of(select) is running


def test_other_code_that_waits_for_the_network_is_busy() -> None:
    for caller in (frame("subprocess", "_communicate"), None):
        select = frame("selectors", "select", caller)
        assert not is_waiting(select)
        assert not is_known(select)
        assert loop_of(select) is None
