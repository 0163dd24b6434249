"""Requests, responses and errors as plain data, shared by all layers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
"""One stored or exchanged JSON object."""


@dataclass(slots=True)
class Request:
    """One HTTP request, whichever front received it."""

    method: str
    path: str
    """Raw path, still percent-encoded."""
    query: str
    headers: dict[str, str]
    """Names in lower case; repeated headers are joined with a comma."""
    body: bytes
    origin: str
    """Scheme and authority under which the client reached the sandbox."""


@dataclass(slots=True, frozen=True)
class WireFault:
    """How a front must damage the transfer of a response."""

    delay: float = 0.0
    """Seconds before the first byte."""
    reset: str = ""
    """When to reset the connection: `before` or `after` the headers, or empty for never."""
    truncate: bool = False
    slow: float = 0.0
    """Seconds over which the transfer of the body is spread."""


@dataclass(slots=True)
class Response:
    """One HTTP response."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    fault: WireFault | None = None
    deferred: Callable[[], Response] | None = None
    """Work that can block; a front with an event loop runs it in a thread and sends its result instead."""


class ApiError(Exception):
    """A request is rejected with a status and a code.

    Args:
        status: HTTP status.
        code: Upper-case constant.
        message: Text for people.
        allowed: The methods of the path, for a 405; it becomes the header `Allow`.
    """

    def __init__(self, status: int, code: str, message: str, allowed: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = {"allow": ", ".join(allowed)} if allowed else {}


class NoRoute(ApiError):
    """A gateway in front of the API has no such route: its response is not an envelope of the API."""

    def __init__(self, status: int) -> None:
        super().__init__(status, "", "no such route")


def invalid(message: str) -> ApiError:
    """Build the error for a missing or invalid value."""
    return ApiError(400, "VALIDATION_ERROR", message)


def forbidden(message: str) -> ApiError:
    """Build the error for an action that is not allowed now."""
    return ApiError(403, "FORBIDDEN", message)


def not_found(what: str) -> ApiError:
    """Build the error for a resource that does not exist."""
    return ApiError(404, "NOT_FOUND", f"{what} not found")


def method_not_allowed(allowed: Iterable[str]) -> ApiError:
    """Build the error for a method that a path does not have."""
    names = sorted(allowed)
    return ApiError(405, "METHOD_NOT_ALLOWED", "use " + ", ".join(names), names)


def conflict(message: str) -> ApiError:
    """Build the error for a unique value that is taken."""
    return ApiError(409, "CONFLICT", message)


def limit_reached(message: str) -> ApiError:
    """Build the error for the rate limits and for the concurrency limit."""
    return ApiError(429, "LIMIT_REACHED", message)


_encode = json.JSONEncoder(separators=(",", ":")).encode
_JSON = "application/json"


def json_response(status: int, payload: Any) -> Response:
    """Encode a payload as compact JSON."""
    return Response(status, _encode(payload).encode(), {"content-type": _JSON})


def success(status: int, data: Any) -> Response:
    """Wrap data into the documented success envelope."""
    return json_response(status, {"success": True, "data": data})


def failure(error: ApiError) -> Response:
    """Wrap an error into the documented error envelope, unless the API itself did not see the request."""
    if isinstance(error, NoRoute):
        return Response(error.status, error.message.encode(), {"content-type": "text/plain"})
    body = {"success": False, "error": {"code": error.code, "message": error.message}}
    response = json_response(error.status, body)
    response.headers.update(error.headers)
    return response


def escape_markup(text: str) -> str:
    """Escape a text for HTML or XML, between tags and in quoted attributes."""
    for plain, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;")):
        text = text.replace(plain, escaped)
    return text


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("number out of range")
    return number


_decode = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite).decode


def parse_json(body: bytes) -> Any:
    """Decode a request body.

    Raises:
        ApiError: 400 if it is not UTF-8, not JSON, nested too deeply, or not valid Unicode.
    """
    try:
        value = _decode(body.decode("utf-8"))
        if b"\\u" in body:
            # A lone surrogate is legal JSON but not valid text; nothing downstream could encode it.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise invalid("the request body is not valid JSON") from None
    return value
