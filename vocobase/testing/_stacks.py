"""Detect by its stack whether a thread has something to do, or waits for others.

It may wait in Python's own library, or in ours. A thread that was notified counts as awake, although it has
not left the function in which it waits yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from types import FrameType
from typing import Any, Final

from vocobase._base.threads import Workers

Locals = Mapping[str, Any]
Key = tuple[str, str]


def _key(frame: FrameType) -> Key:
    return str(frame.f_globals.get("__name__")), frame.f_code.co_name


def _waits_for_notice(names: Locals) -> bool:
    # Of a condition: also inside Event.wait, Queue.get, Barrier.wait, Future.result, wait and as_completed.
    return "waiter" in names and names["waiter"] in names["self"]._waiters


def _waits_for_lock(names: Locals) -> bool:
    return bool(names["lock"].locked())


def _waits_for_thread(names: Locals) -> bool:
    return bool(names["self"].is_alive())


def _waits_for_workers(names: Locals) -> bool:
    return bool(names["self"]._changed.empty())


def _waits_for_work(names: Locals) -> bool:
    # A queue may hand work to a thread that waits, so that it never shows: see `idle_workers`.
    return names.get("work_item") is None and bool(names["work_queue"].empty())


_WORKER: Final = ("concurrent.futures.thread", "_worker")
# The functions in which a thread waits for others: modules and names, with what their variables must show.
_WAITING: Final[Mapping[Key, Callable[[Locals], bool]]] = {
    ("threading", "wait"): _waits_for_notice,
    ("threading", "_wait_for_tstate_lock"): _waits_for_lock,  # join, before Python 3.13
    ("threading", "join"): _waits_for_thread,
    _WORKER: _waits_for_work,
    (Workers.__module__, "_wait"): _waits_for_workers,
}
# The functions in which an event loop or a server waits for the network.
_SELECTING: Final = frozenset(
    {("selectors", "select"), ("asyncio.windows_events", "select"), ("asyncio.windows_events", "_poll")}
)
_LOOP: Final = ("asyncio.base_events", "_run_once")
_SERVER: Final = ("socketserver", "serve_forever")


def is_known(frame: FrameType) -> bool:
    """Return whether a thread is in a function that is judged by name."""
    caller = _caller_of_select(frame)
    return _key(frame) in _WAITING or (caller is not None and _key(caller) in (_LOOP, _SERVER))


def is_waiting(frame: FrameType) -> bool:
    """Return whether a thread has nothing to do until another one acts; only then the clock may move."""
    waiting = _WAITING.get(_key(frame))
    if waiting is not None:
        return waiting(frame.f_locals)
    caller = _caller_of_select(frame)
    if caller is None:
        return False
    loop = loop_of(frame)
    # Callbacks that are ready run after a look at the network, which takes no time.
    return _key(caller) == _SERVER or (loop is not None and not getattr(loop, "_ready", ()))


def is_notified(frame: FrameType) -> bool:
    """Return whether a thread was notified and has not run yet: nothing but a busy machine can hold it up."""
    names = frame.f_locals
    # After it has run, it may wait for the lock of the condition, for as long as another thread holds that.
    return (
        _key(frame) == ("threading", "wait")
        and names.get("gotit") is False
        and names["waiter"] not in names["self"]._waiters
    )


def loop_of(frame: FrameType) -> asyncio.AbstractEventLoop | None:
    """Return the event loop that waits for the network in a thread, None if there is none."""
    caller = _caller_of_select(frame)
    if caller is None or _key(caller) != _LOOP:
        return None
    loop: asyncio.AbstractEventLoop = caller.f_locals["self"]
    return loop


def pool_of(frame: FrameType) -> Executor | None:
    """Return the pool to which a thread belongs that waits for work, None if there is none."""
    if _key(frame) != _WORKER:
        return None
    pool: Executor | None = frame.f_locals["executor_reference"]()
    return pool


def idle_workers(pool: Executor) -> int:
    """Return how many threads of a pool have no work; others that wait have been given some already."""
    # Not public, and the only place where it shows.
    private: Any = pool
    return int(private._idle_semaphore._value)


def _caller_of_select(frame: FrameType) -> FrameType | None:
    outer: FrameType | None = frame
    while outer is not None and _key(outer) in _SELECTING:
        outer = outer.f_back
    return None if outer is frame else outer
