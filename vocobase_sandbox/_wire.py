"""HTTP/1.1 on the wire: parse request heads and chunked bodies, write response heads. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_HEAD = 64 * 1024
MAX_JSON_BODY = 8 * 1024 * 1024
MAX_OBJECT_BODY = 64 * 1024 * 1024
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_ABSOLUTE = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"[0-9a-fA-F]{1,8}")
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
    """Refuse bytes that are no acceptable HTTP request."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(slots=True)
class Head:
    """Hold the parsed first part of a request."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    length: int
    """Size of the body; -1 when it is chunked."""
    keep_alive: bool


def parse_head(raw: bytes) -> Head:
    """Parse request line and headers.

    Raises:
        WireError: When they are malformed, ambiguous or not supported.
    """
    lines = raw.decode("latin-1").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != 3 or not _TOKEN.fullmatch(parts[0]):
        raise WireError(400, "malformed request line")
    method, target, version = parts
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise WireError(505, "only HTTP/1.1 is spoken here")
    headers = _headers(lines[1:])
    if version == "HTTP/1.1" and "host" not in headers:
        raise WireError(400, "the Host header is missing")
    absolute = _ABSOLUTE.match(target)
    target = target[absolute.end() :] or "/" if absolute else target
    if not target.startswith("/"):
        raise WireError(400, "malformed request target")
    path, _, query = target.partition("#")[0].partition("?")
    connection = headers.get("connection", "").lower()
    keep_alive = "close" not in connection and (version == "HTTP/1.1" or "keep-alive" in connection)
    return Head(method, path, query, headers, _length(headers), keep_alive)


def _headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not _TOKEN.fullmatch(name) or _CONTROL.search(value):
            raise WireError(400, "malformed header")
        name, value = name.lower(), value.strip(" \t")
        if name in headers:
            if name in ("content-length", "host", "authorization"):
                raise WireError(400, f"the header {name} is repeated")
            value = f"{headers[name]}, {value}"
        headers[name] = value
    return headers


def _length(headers: dict[str, str]) -> int:
    coding, length = headers.get("transfer-encoding"), headers.get("content-length")
    if coding is not None:
        if length is not None:
            raise WireError(400, "both Content-Length and Transfer-Encoding are given")
        if coding.lower() != "chunked":
            raise WireError(501, "only the transfer encoding chunked is supported")
        return -1
    if length is None:
        return 0
    if not length.isascii() or not length.isdigit() or len(length) > 15:
        raise WireError(400, "malformed Content-Length")
    return int(length)


def read_chunks(buffer: bytearray, body: bytearray, limit: int) -> bool:
    """Move complete chunks from the buffer to the body; tell whether the last one was among them.

    Raises:
        WireError: When the chunks are malformed or the body becomes too large.
    """
    while (end := buffer.find(b"\r\n")) >= 0:
        size_text = bytes(buffer[:end]).partition(b";")[0].strip()
        if not _CHUNK_SIZE.fullmatch(size_text):
            raise WireError(400, "malformed chunk")
        size = int(size_text, 16)
        if size == 0:
            return _skip_trailers(buffer, end + 2)
        if len(body) + size > limit:
            raise WireError(413, "the body is too large")
        if len(buffer) < end + 2 + size + 2:
            return False
        body += buffer[end + 2 : end + 2 + size]
        del buffer[: end + 2 + size + 2]
    if len(buffer) > MAX_HEAD:
        raise WireError(400, "malformed chunk")
    return False


def _skip_trailers(buffer: bytearray, start: int) -> bool:
    end = buffer.find(b"\r\n\r\n", start - 2)
    if end < 0:
        if len(buffer) > MAX_HEAD:
            raise WireError(431, "the trailers are too large")
        return False
    del buffer[: end + 4]
    return True


def write_head(status: int, headers: dict[str, str], length: int, keep_alive: bool) -> bytes:
    """Build status line and headers of a response."""
    text = f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}\r\ncontent-length: {length}\r\n"
    for name, value in headers.items():
        text += f"{name}: {value}\r\n"
    text += "x-content-type-options: nosniff\r\ncache-control: no-store\r\n"
    return (text + ("\r\n" if keep_alive else "connection: close\r\n\r\n")).encode("latin-1", "replace")
