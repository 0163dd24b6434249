"""A publisher on loopback that behaves and misbehaves on request."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterator
from typing import Any

GARBAGE = 50 * 1024 * 1024


class Publisher(http.server.ThreadingHTTPServer):
    """Serves ``documents`` by path, and some misbehaviour; keeps the headers that it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.documents: dict[str, bytes] = {}
        self.redirects: dict[str, str] = {}
        self.raw: dict[str, bytes] = {}
        self.seen: list[dict[str, str]] = []
        self.sent = 0
        self.closing = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients hang up on purpose."""


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        self.server.seen.append({name.lower(): value for name, value in self.headers.items()})
        path = self.path
        if path in self.server.redirects:
            self.send_response(302)
            self.send_header("Location", self.server.redirects[path])
            self.send_header("Set-Cookie", "session=1")
            self.end_headers()
        elif path in self.server.raw:
            self.wfile.write(self.server.raw[path])
            self.close_connection = True
        elif path in self.server.documents:
            self._send(self.server.documents[path])
        elif path == "/garbage":
            self._garbage()
        elif path == "/slow":
            self._slow()
        elif path == "/slow-headers":
            self._drip(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000)
        elif path == "/packed":
            self._send(b"\x1f\x8b", encoding="gzip")
        else:
            self.send_error(404)

    def _send(self, body: bytes, encoding: str | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        self.wfile.write(body)

    def _garbage(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(GARBAGE))
        self.end_headers()
        piece = b"x" * 65536
        while self.server.sent < GARBAGE and not self.server.closing.is_set():
            self.wfile.write(piece)
            self.server.sent += len(piece)

    def _slow(self) -> None:
        self.send_response(200)
        self.end_headers()
        self._drip(b"{" + b" " * 1000)

    def _drip(self, data: bytes) -> None:
        for byte in data:
            if self.server.closing.wait(0.02):
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def publishing() -> Iterator[Publisher]:
    server = Publisher()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
