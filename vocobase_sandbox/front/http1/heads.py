"""HTTP/1.1 on the wire: parse request heads and field lines, write response heads. No I/O.

Everything that h11 rejects is rejected here too; a test compares both. An ambiguous request, such as one with
a bare line feed or with two lengths, is rejected, never interpreted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_HEAD = 64 * 1024
MAX_FIELDS = 200
MAX_JSON_BODY = 8 * 1024 * 1024
MAX_OBJECT_BODY = 64 * 1024 * 1024
NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_FIELD = re.compile(rf"({NAME}):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_REQUEST_LINE = re.compile(rf"({NAME}) ([!-~]+) HTTP/([0-9]\.[0-9])")
_ABSOLUTE = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
# Without user information, which a request must not have. It becomes part of the URLs in responses.
_AUTHORITY = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::[0-9]{0,5})?")
_SINGLE = frozenset({"content-length", "host", "authorization"})
_REASONS = {
    100: "Continue",
    200: "OK",
    201: "Created",
    204: "No Content",
    206: "Partial Content",
    302: "Found",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    413: "Content Too Large",
    416: "Range Not Satisfiable",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "HTTP Version Not Supported",
}


class WireError(Exception):
    """The bytes are not an acceptable HTTP request."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(slots=True)
class Head:
    """The parsed request line and headers of a request."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    length: int
    """Size of the body; -1 if it is chunked."""
    keep_alive: bool


def parse_head(raw: bytes) -> Head:
    """Parse request line and headers.

    Raises:
        WireError: if they are malformed, ambiguous or not supported.
    """
    lines = raw.decode("latin-1").split("\r\n")
    line = _REQUEST_LINE.fullmatch(lines[0])
    if line is None:
        raise WireError(400, "malformed request line")
    method, target, version = line.groups()
    if version not in ("1.1", "1.0"):
        raise WireError(505, "only HTTP/1.1 is supported")
    headers = _headers(lines[1:])
    if version == "1.0":
        if "transfer-encoding" in headers:
            raise WireError(400, "HTTP/1.0 has no Transfer-Encoding")
        headers.pop("expect", None)
    elif "host" not in headers:
        raise WireError(400, "the Host header is missing")
    target = _origin_form(target, headers)
    if not _AUTHORITY.fullmatch(headers.get("host", "")):
        raise WireError(400, "the Host header is malformed")
    path, _, query = target.partition("#")[0].partition("?")
    return Head(method, path, query, headers, _length(headers), _keep_alive(headers, version))


def _origin_form(target: str, headers: dict[str, str]) -> str:
    """Return path and query of a target; an authority in it replaces the Host header."""
    if not target.startswith("/"):
        absolute = _ABSOLUTE.match(target)
        if absolute is None:
            raise WireError(400, "malformed request target")
        headers["host"] = absolute[1]
        target = target[absolute.end() :]
        target = target if target.startswith("/") else "/" + target
    return target


def _keep_alive(headers: dict[str, str], version: str) -> bool:
    if "connection" not in headers:
        return version == "1.1"
    options = {option.strip(" \t") for option in headers["connection"].lower().split(",")}
    return "close" not in options and (version == "1.1" or "keep-alive" in options)


def _headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in parse_fields(lines):
        if name in headers:
            if name in _SINGLE:
                raise WireError(400, f"the header {name} is repeated")
            value = f"{headers[name]}, {value}"
        headers[name] = value
    return headers


def parse_fields(lines: list[str]) -> list[tuple[str, str]]:
    """Parse header or trailer fields; names are returned in lower case.

    Raises:
        WireError: if one is malformed or there are too many.
    """
    if len(lines) > MAX_FIELDS:
        raise WireError(431, f"there are more than {MAX_FIELDS} headers")
    fields: list[tuple[str, str]] = []
    for line in lines:
        field = _FIELD.fullmatch(line)
        if field is None:
            raise WireError(400, "malformed header")
        fields.append((field[1].lower(), field[2].rstrip(" \t")))
    return fields


def _length(headers: dict[str, str]) -> int:
    coding, length = headers.get("transfer-encoding"), headers.get("content-length")
    if coding is not None:
        if length is not None:
            raise WireError(400, "both Content-Length and Transfer-Encoding are present")
        if coding.lower() != "chunked":
            raise WireError(501, "only the transfer encoding chunked is supported")
        return -1
    if length is None:
        return 0
    if not length.isascii() or not length.isdigit() or len(length) > 15:
        raise WireError(400, "malformed Content-Length")
    return int(length)


def write_head(status: int, headers: dict[str, str], length: int, keep_alive: bool) -> bytes:
    """Build status line and headers of a response."""
    text = f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}\r\ncontent-length: {length}\r\n"
    for name, value in headers.items():
        text += f"{name}: {value}\r\n"
    text += "x-content-type-options: nosniff\r\ncache-control: no-store\r\n"
    return (text + ("\r\n" if keep_alive else "connection: close\r\n\r\n")).encode("latin-1", "replace")
