"""A loopback server that responds as a test says, byte by byte."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

Behaviour = Callable[[socket.socket], None]


def answer(status: int = 200, body: bytes | dict[str, Any] | None = None, **headers: str) -> Behaviour:
    """Respond completely; a dict becomes JSON, in the success envelope unless it has `success`."""
    if isinstance(body, dict):
        body = json.dumps(body if "success" in body else {"success": True, "data": body}).encode()
    fields = {
        "Content-Type": "application/json",
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }

    def behave(peer: socket.socket) -> None:
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body or b'')}"]
        lines += [f"{name}: {text}" for name, text in fields.items()]
        peer.sendall("\r\n".join([*lines, "", ""]).encode() + (body or b""))

    return behave


def error(status: int, code: str = "", message: str = "", **headers: str) -> Behaviour:
    """Respond with the documented error envelope."""
    return answer(status, {"success": False, "error": {"code": code, "message": message}}, **headers)


def reset(peer: socket.socket) -> None:
    """Break the connection without a response."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def truncate(peer: socket.socket) -> None:
    """Promise more than is sent."""
    peer.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"success"')
    peer.close()


def silence(peer: socket.socket) -> None:
    """Never respond; the timeout of the client ends it."""
    peer.settimeout(10)
    with contextlib.suppress(OSError):
        peer.recv(1)


def trickle(peer: socket.socket) -> None:
    """Send a byte now and then, forever."""
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    pause = threading.Event()
    try:
        while not pause.wait(0.05):
            peer.sendall(b" ")
    except OSError:
        pass


def trickle_headers(peer: socket.socket) -> None:
    """Send a header now and then, forever; each wait for data is short."""
    peer.sendall(b"HTTP/1.1 200 OK\r\n")
    pause = threading.Event()
    with contextlib.suppress(OSError):
        while not pause.wait(0.05):
            peer.sendall(b"X-A: b\r\n")


class Server:
    """Serve the behaviours in order, the last one forever; remember what was asked."""

    def __init__(self, behaviours: Iterable[Behaviour], tls: ssl.SSLContext | None = None) -> None:
        self.behaviours = list(behaviours)
        self.tls = tls
        self.requests: list[bytes] = []
        self.answered = 0
        self.connections = 0
        self.hung_up = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        if self.tls is not None:
            with contextlib.suppress(OSError):
                self._converse(self.tls.wrap_socket(peer, server_side=True))
        else:
            self._converse(peer)

    def _converse(self, peer: socket.socket) -> None:
        with peer:
            while True:
                try:
                    request = read_request(peer)
                except OSError:
                    return
                if not request:
                    self.hung_up.set()
                    return
                self.requests.append(request)
                try:
                    self.behaviour(request)(peer)
                except OSError:
                    return
                self.answered += 1
                if peer.fileno() < 0:
                    return

    def behaviour(self, request: bytes) -> Behaviour:
        """Return how a request is answered."""
        return self.behaviours[min(len(self.requests), len(self.behaviours)) - 1]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Closing alone would let a blocked accept() take one more connection.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def read_request(peer: socket.socket) -> bytes:
    """Read one request with its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = peer.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, text = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(text)
    while len(body) < length:
        piece = peer.recv(65536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body
