"""The latest requests with their operation, body, status and duration, for tests and for the dashboard.

They are not in the event log, which must be the same for the same script: durations never are.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

from vocobase_sandbox.kernel.clock import iso
from vocobase_sandbox.kernel.messages import Request, Response, Row

_MAX_ENTRIES = 1000
_MAX_PATH = 200
_MAX_BODY = 65_536


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request that the sandbox received.

    Attributes:
        seq: 1 for the first request.
        at: When it arrived, by the clock of the sandbox.
        method: HTTP method.
        path: Path without the query.
        query: Query string, empty if there was none.
        operation: The operation, such as `calls.start`; `object store` and `room` for those; None for an
            unknown route.
        status: Status of the response.
        duration_ms: Milliseconds of real time, including the delay of a fault.
        fault: Kind of the fault that affected it, or None.
        body: The body; None beyond 64 KiB.
    """

    seq: int
    at: str
    method: str
    path: str
    query: str = field(repr=False)
    operation: str | None
    status: int
    duration_ms: float = field(repr=False)
    fault: str | None
    body: bytes | None = field(repr=False)

    @property
    def json(self) -> Any:
        """The parsed body; None if there is none, or if it is not JSON."""
        try:
            return json.loads(self.body or b"null")
        except ValueError:
            return None


class RequestLog(Sequence[LoggedRequest]):
    """The latest thousand requests, oldest first: `sandbox.requests[-1]` is the last one.

    Args:
        name: Find the operation of a method and a path. It is called only when the log is read.
    """

    def __init__(self, name: Callable[[str, str], str | None]) -> None:
        self._name = name
        self._entries: deque[tuple[int, int, str, str, str, int, float, str | None, bytes | None]] = deque(
            maxlen=_MAX_ENTRIES
        )
        self.total = 0
        """Number of requests so far, including the ones that are no longer kept."""
        self._lock = threading.Lock()

    def add(
        self, request: Request, response: Response, at_ms: int, seconds: float, fault: str | None
    ) -> None:
        """Append a request with its duration; the delay of a fault is added to it."""
        if response.fault is not None:
            seconds += response.fault.delay + response.fault.slow
        method, path = request.method[:20], request.path[:_MAX_PATH]
        body = request.body if len(request.body) <= _MAX_BODY else None
        with self._lock:
            self.total += 1
            self._entries.append(
                (self.total, at_ms, method, path, request.query, response.status, seconds, fault, body)
            )

    def __repr__(self) -> str:
        return f"RequestLog(kept={len(self)}, total={self.total})"

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> LoggedRequest: ...
    @overload
    def __getitem__(self, index: slice) -> list[LoggedRequest]: ...
    def __getitem__(self, index: int | slice) -> LoggedRequest | list[LoggedRequest]:
        with self._lock:
            entries = list(self._entries)
        if isinstance(index, slice):
            return [self._logged(*entry) for entry in entries[index]]
        return self._logged(*entries[index])

    def __iter__(self) -> Iterator[LoggedRequest]:
        return iter(self[:])

    def _logged(
        self,
        seq: int,
        at_ms: int,
        method: str,
        path: str,
        query: str,
        status: int,
        seconds: float,
        fault: str | None,
        body: bytes | None,
    ) -> LoggedRequest:
        return LoggedRequest(
            seq=seq,
            at=iso(at_ms),
            method=method,
            path=path,
            query=query,
            operation=self._name(method, path),
            status=status,
            duration_ms=round(seconds * 1000, 2),
            fault=fault,
            body=body,
        )

    def newest(self, limit: int) -> list[Row]:
        """List the latest requests for the control API, newest first."""
        names = ("seq", "at", "method", "path", "operation", "status", "duration_ms", "fault")
        latest = self[-limit:]
        return [{name: getattr(entry, name) for name in names} for entry in reversed(latest)]

    def clear(self) -> None:
        """Remove all requests; the total continues, so that the dashboard notices."""
        with self._lock:
            self._entries.clear()
            self.total += 1
