"""Forks in tests."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable


def fork() -> int:
    """Fork, as programs do that have threads, though Python 3.12 and later warn about it; return 0 in the child."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def in_child(work: Callable[[], bool]) -> bool:
    """Fork; return whether work returned True in the new process, which ends if it hangs."""
    child = fork()
    if child == 0:
        signal.alarm(60)
        status = 2
        try:
            status = 0 if work() else 1
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1] == 0
