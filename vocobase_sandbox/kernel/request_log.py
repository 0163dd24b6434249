"""The latest requests with their outcome and duration, for people who watch.

It is apart from the event log, which must be equal for equal scripts; durations never are.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from itertools import islice

from vocobase_sandbox.kernel.clock import iso
from vocobase_sandbox.kernel.messages import Request, Response, Row

_KEPT = 1000
_SHOWN_PATH = 200


class RequestLog:
    """Keep the latest thousand requests.

    Args:
        name: Find the operation of a method and a path. It is asked only when somebody looks.
    """

    def __init__(self, name: Callable[[str, str], str | None]) -> None:
        self._name = name
        self._entries: deque[tuple[int, int, str, str, int, float, str | None]] = deque(maxlen=_KEPT)
        self.count = 0
        """How many requests there have been, forgotten ones included."""
        self._lock = threading.Lock()

    def add(
        self, request: Request, response: Response, at_ms: int, seconds: float, fault: str | None
    ) -> None:
        """Append a request that took some seconds to answer, plus what its fault adds on the wire."""
        if response.fault is not None:
            seconds += response.fault.delay + response.fault.slow
        method, path = request.method[:20], request.path[:_SHOWN_PATH]
        with self._lock:
            self.count += 1
            self._entries.append((self.count, at_ms, method, path, response.status, seconds, fault))

    def newest(self, limit: int) -> list[Row]:
        """List so many requests, newest first."""
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
        """Forget the requests; numbers go on, so that a watcher notices."""
        with self._lock:
            self._entries.clear()
            self.count += 1
