"""Faults on request: which requests go wrong, how, and how often."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from vocobase_sandbox.kernel.messages import ApiError, Response, Row, WireFault, failure
from vocobase_sandbox.kernel.world import World

MAX_FAULTS = 100
_HTML = (
    b"<!doctype html><html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>"
)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")
_CODES = {
    400: "VALIDATION_ERROR",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    429: "LIMIT_REACHED",
}


@dataclass(slots=True)
class Fault:
    """Describe one kind of trouble and the requests that get it.

    Args:
        kind: One of `KINDS`.
        route: Method and path template such as `POST /calls/start`; `*` and `?` are wildcards. Requests to
            the object store are `GET /_objects` and `PUT /_objects`.
        probability: Share of the matching requests that are hit, by the seed.
        count: How many requests are hit before the fault ends; None means all.
        seconds: For `latency` and `slow_body`.
        status: For `status` and `html`.
        headers: Further headers, for instance `retry-after`.
        execute: Whether the operation is carried out although its answer is spoilt; by default only `status`
            and `html` stand for a request that was never carried out.
    """

    kind: str
    route: str = "*"
    probability: float = 1.0
    count: int | None = None
    seconds: float = 1.0
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict[str, str])
    execute: bool | None = None
    id: str = ""
    hits: int = 0
    seen: int = 0


def _status(fault: Fault, response: Response) -> Response:
    number = fault.status or 500
    return failure(ApiError(number, _CODES.get(number, "INTERNAL_ERROR"), "this fault was asked for"))


def _html(fault: Fault, response: Response) -> Response:
    return Response(fault.status or 502, _HTML, {"content-type": "text/html"})


def _body(content: bytes) -> Callable[[Fault, Response], Response]:
    return lambda fault, response: Response(response.status, content, response.headers)


def _wire(make: Callable[[Fault], WireFault]) -> Callable[[Fault, Response], Response]:
    return lambda fault, response: Response(response.status, response.body, response.headers, make(fault))


def _unchanged(fault: Fault, response: Response) -> Response:
    return response


KINDS: dict[str, Callable[[Fault, Response], Response]] = {
    "status": _status,
    "html": _html,
    "empty": _body(b""),
    "malformed_json": _body(b'{"success": true, "data": {"id": '),
    "latency": _wire(lambda fault: WireFault(delay=fault.seconds)),
    "slow_body": _wire(lambda fault: WireFault(slow=fault.seconds)),
    "truncated": _wire(lambda fault: WireFault(truncate=True)),
    "reset_before_headers": _wire(lambda fault: WireFault(reset="before")),
    "reset_after_headers": _wire(lambda fault: WireFault(reset="after")),
    "expired_presign": _unchanged,
}
_NOT_EXECUTED = ("status", "html")


class Faults:
    """Hold the faults of a sandbox, in the order in which they were added.

    Args:
        world: The account whose requests are hit.
        expire: Expire every presigned URL in a text, for the kind `expired_presign`.
    """

    def __init__(self, world: World, expire: Callable[[World, str], None]) -> None:
        self._world = world
        self._expire = expire
        self._faults: dict[str, Fault] = {}
        self._count = 0
        # Faults are added and listed by any thread, while requests of others begin and end.
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, kind: str, route: str = "*", **choices: Any) -> str:
        """Add a fault and return its id.

        Args:
            kind: One of `KINDS`.
            route: Which operations are hit; see `Fault`.
            choices: Further members of `Fault`.

        Raises:
            ValueError: For an unknown kind or a value out of range.
        """
        fault = Fault(kind, route, **choices)
        if kind not in KINDS:
            raise ValueError(f"kind must be one of: {', '.join(KINDS)}")
        if not 0 <= fault.probability <= 1 or not 0 <= fault.seconds <= 3600:
            raise ValueError("probability must be within 0 and 1, seconds within 0 and 3600")
        if fault.status and not 200 <= fault.status <= 599:
            raise ValueError("status must be within 200 and 599")
        if any(_UNSAFE.search(name + value) for name, value in fault.headers.items()):
            raise ValueError("headers must not contain control characters")
        fault.headers = dict(fault.headers)
        with self._lock:
            if len(self) >= MAX_FAULTS:
                raise ValueError(f"there can be at most {MAX_FAULTS} faults")
            self._count += 1
            fault.id = f"fault-{self._count}"
            self._faults[fault.id] = fault
        return fault.id

    def list(self) -> list[Row]:
        """Show every fault that has not ended."""
        with self._lock:
            return [asdict(fault) for fault in self._faults.values()]

    def remove(self, fault_id: str) -> bool:
        """Remove a fault; tell whether it was there."""
        return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._faults.clear()
            self._count = 0

    def take(self, key: str) -> Fault | None:
        """Return the fault that hits a request, and count it."""
        with self._lock:
            fault = self._hit(key)
        if fault is not None:
            self._world.record("fault", fault=fault.kind, route=key)
        return fault

    def _hit(self, key: str) -> Fault | None:
        for fault in self._faults.values():
            if not fnmatchcase(key, fault.route):
                continue
            fault.seen += 1
            if self._world.ids.fraction("fault", fault.id, fault.seen) >= fault.probability:
                continue
            fault.hits += 1
            if fault.count is not None and fault.hits >= fault.count:
                del self._faults[fault.id]
            return fault
        return None

    def spoil(self, fault: Fault, response: Response) -> Response:
        """Turn the real answer of a request into what the fault makes of it."""
        if fault.kind == "expired_presign":
            self._expire(self._world, response.body.decode("utf-8", "replace"))
        spoilt = KINDS[fault.kind](fault, response)
        spoilt.headers = {**spoilt.headers, **fault.headers}
        return spoilt


def executes(fault: Fault | None) -> bool:
    """Tell whether the operation is carried out although its answer is spoilt."""
    if fault is None:
        return True
    return fault.kind not in _NOT_EXECUTED if fault.execute is None else fault.execute
