"""Forks in tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable


def in_child(work: Callable[[], bool]) -> bool:
    """Fork; tell whether work gave True in the new process, which ends itself when it hangs."""
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        status = 2
        try:
            status = 0 if work() else 1
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1] == 0
