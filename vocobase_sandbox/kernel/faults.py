"""Faults: which requests fail, how, and how often."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any, Literal

from vocobase_sandbox.kernel import paths
from vocobase_sandbox.kernel.messages import ApiError, Response, Row, WireFault, failure
from vocobase_sandbox.kernel.settings import Requirement, is_count, is_number, is_texts
from vocobase_sandbox.kernel.world import World

FaultKind = Literal[
    "status",
    "html",
    "empty",
    "malformed_json",
    "latency",
    "slow_body",
    "truncated",
    "reset_before_headers",
    "reset_after_headers",
    "expired_presign",
]
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
    """One kind of failure, and the requests that it affects.

    Args:
        kind: One of `KINDS`.
        route: The operation, such as `calls.start`, or its method and path template, such as
            `POST /calls/start`; `*` and `?` are wildcards. Requests to the object store are `GET /_objects`
            and `PUT /_objects`.
        probability: Share of the matching requests that are affected; the seed decides which.
        count: Number of requests to affect before the fault ends; None means all.
        seconds: For `latency` and `slow_body`.
        status: For `status` and `html`.
        headers: Additional response headers, for instance `retry-after`.
        execute: Whether the operation is executed although its response is replaced or damaged. By default it
            is, except for `status` and `html`.
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
    return failure(ApiError(number, _CODES.get(number, "INTERNAL_ERROR"), "this fault was requested"))


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


# The type of each value; the limits are checked after it.
_TYPES: dict[str, Requirement] = {
    "kind": (f"one of: {', '.join(KINDS)}", lambda value: isinstance(value, str) and value in KINDS),
    "route": ("text", lambda value: isinstance(value, str)),
    "probability": ("a number", is_number),
    "count": ("a whole number, or None for all", lambda value: value is None or is_count(value)),
    "seconds": ("a number", is_number),
    "status": ("a whole number", is_count),
    "headers": ("a mapping of names to text, or None", lambda value: value is None or is_texts(value)),
    "execute": ("True, False or None", lambda value: value is None or isinstance(value, bool)),
}


def _checked(**values: Any) -> Fault:
    """Return a fault whose values have the right types.

    Raises:
        ValueError: one of them does not.
    """
    for name, (demand, fits) in _TYPES.items():
        if not fits(values[name]):
            raise ValueError(f"{name} must be {demand}")
    values["headers"] = dict(values["headers"] or {})
    return Fault(**values)


class Faults:
    """The faults of a sandbox, in the order in which they were added.

    Args:
        world: The account whose requests fail.
        expire: Expire every presigned URL in a text, for the kind `expired_presign`.
        operations: The operation of each method and path template.
    """

    def __init__(
        self, world: World, expire: Callable[[World, str], None], operations: Mapping[str, str]
    ) -> None:
        self._world = world
        self._expire = expire
        store = paths.OBJECTS.rstrip("/")
        self._names = [*operations.values(), *operations, f"GET {store}", f"PUT {store}"]
        self._faults: dict[str, Fault] = {}
        self._count = 0
        # Any thread can add and list faults while other threads handle requests.
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Faults({[fault.kind for fault in [*self._faults.values()]]})"

    def __len__(self) -> int:
        return len(self._faults)

    def add(
        self,
        kind: FaultKind,
        route: str = "*",
        *,
        probability: float = 1.0,
        count: int | None = None,
        seconds: float = 1.0,
        status: int = 0,
        headers: Mapping[str, str] | None = None,
        execute: bool | None = None,
    ) -> str:
        """Add a fault and return its id.

        Args:
            kind: The kind of failure.
            route: The affected operations, such as `calls.start`, `documents.*` or `POST /calls/start`.
            probability: Share of the matching requests that are affected; the seed decides which.
            count: Number of requests to affect before the fault ends; None means all.
            seconds: For `latency` and `slow_body`.
            status: For `status` and `html`.
            headers: Additional response headers, for instance `retry-after`.
            execute: Whether the operation is executed although its response is replaced or damaged. By
                default it is, except for `status` and `html`.

        Raises:
            ValueError: for an unknown kind, a route that no operation has, or a value out of range.
        """
        fault = _checked(
            kind=kind,
            route=route,
            probability=probability,
            count=count,
            seconds=seconds,
            status=status,
            headers=headers,
            execute=execute,
        )
        self._check(fault)
        with self._lock:
            if len(self) >= MAX_FAULTS:
                raise ValueError(f"there can be at most {MAX_FAULTS} faults")
            self._count += 1
            fault.id = f"fault-{self._count}"
            self._faults[fault.id] = fault
        return fault.id

    def _check(self, fault: Fault) -> None:
        if not any(fnmatchcase(name, fault.route) for name in self._names):
            near = get_close_matches(fault.route, self._names, 1, 0.5)
            hint = f"did you mean {near[0]!r}?" if near else "such as 'calls.start' or 'POST /calls/start'"
            raise ValueError(f"route {fault.route[:100]!r} matches no operation; {hint}")
        if not 0 <= fault.probability <= 1 or not 0 <= fault.seconds <= 3600:
            raise ValueError("probability must be within 0 and 1, seconds within 0 and 3600")
        if fault.count is not None and fault.count < 1:
            raise ValueError("count must be at least 1, or None for all")
        if fault.status and not 200 <= fault.status <= 599:
            raise ValueError("status must be within 200 and 599")
        if any(_UNSAFE.search(name + value) for name, value in fault.headers.items()):
            raise ValueError("headers must not contain control characters")

    def list(self) -> list[Row]:
        """List the faults that have not ended."""
        with self._lock:
            return [asdict(fault) for fault in self._faults.values()]

    def remove(self, fault_id: str) -> bool:
        """Remove a fault; return whether it existed."""
        return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._faults.clear()
            self._count = 0

    def take(self, key: str, operation: str = "") -> Fault | None:
        """Return the fault that affects a request, if any, and count it."""
        with self._lock:
            fault = self._hit(key, operation)
        if fault is not None:
            self._world.record("fault", fault=fault.kind, route=key)
        return fault

    def _hit(self, key: str, operation: str) -> Fault | None:
        for fault in self._faults.values():
            if not (fnmatchcase(key, fault.route) or fnmatchcase(operation, fault.route)):
                continue
            fault.seen += 1
            if self._world.ids.fraction("fault", fault.id, fault.seen) >= fault.probability:
                continue
            fault.hits += 1
            if fault.count is not None and fault.hits >= fault.count:
                del self._faults[fault.id]
            return fault
        return None

    def apply(self, fault: Fault, response: Response) -> Response:
        """Apply a fault to the response of a request."""
        if fault.kind == "expired_presign":
            self._expire(self._world, response.body.decode("utf-8", "replace"))
        changed = KINDS[fault.kind](fault, response)
        changed.headers = {**changed.headers, **fault.headers}
        return changed


def executes(fault: Fault | None) -> bool:
    """Whether the operation is executed although its response is replaced or damaged."""
    if fault is None:
        return True
    return fault.kind not in _NOT_EXECUTED if fault.execute is None else fault.execute
