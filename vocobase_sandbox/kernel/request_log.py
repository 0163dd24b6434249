"""The latest requests with their status and duration, for the dashboard.

They are not in the event log, which must be equal for equal scripts: durations never are.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from itertools import islice

from vocobase_sandbox.kernel.clock import iso
from vocobase_sandbox.kernel.messages import Request, Response, Row

_MAX_ENTRIES = 1000
_MAX_PATH = 200


class RequestLog:
    """Keep the latest thousand requests.

    Args:
        name: Find the operation of a method and a path. It is called only when the log is read.
    """

    def __init__(self, name: Callable[[str, str], str | None]) -> None:
        self._name = name
        self._entries: deque[tuple[int, int, str, str, int, float, str | None]] = deque(maxlen=_MAX_ENTRIES)
        self.count = 0
        """Number of requests so far, including the ones that are no longer kept."""
        self._lock = threading.Lock()

    def add(
        self, request: Request, response: Response, at_ms: int, seconds: float, fault: str | None
    ) -> None:
        """Append a request with its duration; the delay of a fault is added to it."""
        if response.fault is not None:
            seconds += response.fault.delay + response.fault.slow
        method, path = request.method[:20], request.path[:_MAX_PATH]
        with self._lock:
            self.count += 1
            self._entries.append((self.count, at_ms, method, path, response.status, seconds, fault))

    def newest(self, limit: int) -> list[Row]:
        """List the latest requests, newest first."""
        with self._lock:
            entries = list(islice(reversed(self._entries), limit))
        return [
            {
                "seq": seq,
                "at": iso(at_ms),
                "method": method,
                "path": path,
                "operation": self._name(method, path),
                "status": status,
                "duration_ms": round(seconds * 1000, 2),
                "fault": fault,
            }
            for seq, at_ms, method, path, status, seconds, fault in entries
        ]

    def clear(self) -> None:
        """Remove all requests; the count goes on, so that the dashboard notices."""
        with self._lock:
            self._entries.clear()
            self.count += 1
