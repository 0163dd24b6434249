"""Servers that send more than they were asked for, or before they were asked."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

from tests.transport.server import Behaviour, read_request
from vocobase._transport.async_stream import MAX_UNREAD_BYTES

# What a request before it, of someone else, would have got.
FOREIGN = b'{"success": true, "data": {"call_id": "somebody-elses"}}'
FOREIGN = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(FOREIGN), FOREIGN)
BODY = b'{"success": true, "data": {"id": "a"}}'
OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
# Many times what a client keeps of a response that is not read yet.
LONG = "x" * (8 * MAX_UNREAD_BYTES)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n" % (len(BODY), BODY)


def raw(data: bytes, *later: bytes) -> Behaviour:
    def behave(peer: socket.socket) -> None:
        peer.sendall(data)
        for piece in later:
            time.sleep(0.05)
            peer.sendall(piece)

    return behave


SURPLUS = {
    "a whole response": raw(OK + FOREIGN),
    "a line": raw(OK + b"\r\n"),
    "behind chunks": raw(CHUNKED + b"\r\n" + FOREIGN),
    "behind chunks and trailers": raw(CHUNKED + b"X: y\r\n\r\n" + FOREIGN),
    "behind an interim response": raw(b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK + FOREIGN),
    "with a body that 204 cannot have": raw(b"HTTP/1.1 204 X\r\nContent-Length: 5\r\n\r\n" + FOREIGN),
    "with a body that 304 cannot have": raw(b"HTTP/1.1 304 X\r\nContent-Length: 5\r\n\r\n" + FOREIGN),
    "longer than it says": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + FOREIGN),
    "behind an upgrade": raw(b"HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n" + FOREIGN),
    "on the idle connection": raw(OK, FOREIGN),
    "in two pieces on the idle connection": raw(OK, FOREIGN[:20], FOREIGN[20:]),
}


class Eager:
    """A server that sends data before the request, or in the middle of it."""

    def __init__(self, at_once: bytes, after_headers: bytes, at_end: bytes) -> None:
        self.at_once, self.after_headers, self.at_end = at_once, after_headers, at_end
        self.requests: list[bytes] = []
        self.connections = 0

    @contextlib.contextmanager
    def serve(self) -> Iterator[str]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            # Or the system might take a large request as a whole before this server has said anything.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
            threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            listener.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = listener.accept()
                self.connections += 1
                threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        with peer, contextlib.suppress(OSError):
            peer.sendall(self.at_once)
            head = peer.recv(10)
            peer.sendall(self.after_headers)
            while data := read_request(peer):
                self.requests.append(head + data)
                peer.sendall(self.at_end)
