"""A worker that stays: it dials what others add, and ends cleanly."""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack
from typing import Any

from vocobase._dialing.stopping import noting_signals

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def test_handlers_are_set_only_in_the_main_thread_and_ignored_signals_stay_ignored(stack: ExitStack) -> None:
    seen: list[Any] = []

    def look() -> None:
        with noting_signals() as noted:
            seen.extend([*map(signal.getsignal, SIGNALS), noted()])

    before = [signal.getsignal(each) for each in SIGNALS]
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [*before, False]
    stack.callback(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.SIG_IGN))
    with noting_signals() as noted:
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        signal.raise_signal(signal.SIGINT)
        assert not noted()


def test_a_handler_that_was_set_meanwhile_is_kept(stack: ExitStack) -> None:
    stack.callback(signal.signal, signal.SIGTERM, signal.getsignal(signal.SIGTERM))
    with noting_signals():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
