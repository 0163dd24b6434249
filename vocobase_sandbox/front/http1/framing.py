"""Split the bytes of a connection into requests. No I/O."""

from __future__ import annotations

import re

from vocobase_sandbox.front.http1.heads import (
    MAX_HEAD,
    MAX_JSON_BODY,
    NAME,
    Head,
    WireError,
    parse_fields,
    parse_head,
)

MAX_CHUNK_LINE = 4096
_EXTENSION = rf';[ \t]*{NAME}(?:=(?:{NAME}|"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"))?'
_CHUNK_LINE = re.compile(rf"([0-9a-fA-F]{{1,16}})(?:{_EXTENSION})*[ \t]*".encode("latin-1"))
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")


class RequestReader:
    """Accept bytes in pieces of any size and return requests in order."""

    def __init__(self) -> None:
        self.head: Head | None = None
        """The head of a request whose body is incomplete."""
        self._buffer = bytearray()
        self._body = bytearray()
        self._searched = 0
        self._in_trailers = False

    @property
    def begun(self) -> bool:
        """Whether a part of a request has arrived."""
        return self.head is not None or bool(self._buffer)

    @property
    def buffered(self) -> int:
        """Number of bytes that are not parsed yet."""
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        """Append bytes that arrived."""
        self._buffer += data

    def clear(self) -> None:
        """Discard everything that is not parsed yet."""
        self._buffer.clear()
        self._body.clear()

    def read_head(self) -> Head | None:
        """Return the head of the next request, or None while it is incomplete.

        Raises:
            WireError: if the head is unacceptable.
        """
        if not self._buffer:
            return None
        if self._buffer[0] <= 0x20:
            raise WireError(400, "malformed request line")
        end = self._find_blank_line(431, "the head of the request is too large")
        if end is None:
            return None
        head = self.head = parse_head(bytes(self._buffer[:end]))
        self._skip(end + 4)
        return head

    def read_body(self) -> bytes | None:
        """Return the body that belongs to the head, or None while it is incomplete.

        Raises:
            WireError: if its chunks are malformed or too large.
        """
        assert self.head is not None
        length = self.head.length
        if length == 0:
            body = b""
        elif length < 0:
            if not self._read_chunks():
                return None
            body = bytes(self._body)
            self._body.clear()
        elif len(self._buffer) < length:
            return None
        else:
            body = bytes(memoryview(self._buffer)[:length])
            del self._buffer[:length]
        self.head = None
        return body

    def _skip(self, count: int) -> None:
        del self._buffer[:count]
        self._searched = 0

    def _find_blank_line(self, status: int, message: str) -> int | None:
        """Return the end of the lines before the first blank one; nothing is searched twice."""
        end = self._buffer.find(b"\r\n\r\n", self._searched)
        if len(self._buffer) > MAX_HEAD and not 0 <= end <= MAX_HEAD:
            raise WireError(status, message)
        if end < 0:
            if _BARE_LINE_FEED.search(self._buffer, self._searched):
                raise WireError(400, "lines must end with CRLF")
            self._searched = max(0, len(self._buffer) - 3)
            return None
        return end

    def _read_chunks(self) -> bool:
        """Move complete chunks to the body; return whether the last one was among them."""
        buffer, body = self._buffer, self._body
        while not self._in_trailers:
            end = buffer.find(b"\r\n", 0, MAX_CHUNK_LINE)
            if end < 0:
                if len(buffer) >= MAX_CHUNK_LINE or b"\n" in buffer:
                    raise WireError(400, "malformed chunk")
                return False
            line = _CHUNK_LINE.fullmatch(buffer, 0, end)
            if line is None:
                raise WireError(400, "malformed chunk")
            size, begin = int(line[1], 16), end + 2
            if len(body) + size > MAX_JSON_BODY:
                raise WireError(413, "the body is too large")
            if size == 0:
                # Keep the line end: the trailers end with a blank line, even if there are none.
                self._skip(end)
                self._in_trailers = True
                break
            after = buffer[begin + size : begin + size + 2]
            if not b"\r\n".startswith(after):
                raise WireError(400, "malformed chunk")
            if len(after) < 2:
                return False
            body += buffer[begin : begin + size]
            del buffer[: begin + size + 2]
        return self._read_trailers()

    def _read_trailers(self) -> bool:
        end = self._find_blank_line(431, "the trailers are too large")
        if end is None:
            return False
        lines = bytes(self._buffer[:end]).decode("latin-1").split("\r\n")
        # Trailers are checked and discarded: no relevant header may follow the body.
        if any(name in ("content-length", "transfer-encoding") for name, _ in parse_fields(lines[1:])):
            raise WireError(400, "a trailer must not declare the length of the body")
        self._skip(end + 4)
        self._in_trailers = False
        return True
