"""A loopback server that speaks HTTP/2 without encryption, carries requests out, and then does as a test says."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions

Misbehaviour = Callable[[socket.socket, h2.connection.H2Connection, int], None]


def go_away_as_if_not_processed(peer: socket.socket, state: h2.connection.H2Connection, stream: int) -> None:
    """Claim that only what came before was processed; clients may then send the request again."""
    state.close_connection(last_stream_id=max(0, stream - 2))
    peer.sendall(state.data_to_send())


def go_away_after_an_error(peer: socket.socket, state: h2.connection.H2Connection, stream: int) -> None:
    state.close_connection(h2.errors.ErrorCodes.INTERNAL_ERROR, last_stream_id=stream)
    peer.sendall(state.data_to_send())


def refuse_the_stream(peer: socket.socket, state: h2.connection.H2Connection, stream: int) -> None:
    state.reset_stream(stream, h2.errors.ErrorCodes.REFUSED_STREAM)
    peer.sendall(state.data_to_send())


def break_the_protocol(peer: socket.socket, state: h2.connection.H2Connection, stream: int) -> None:
    """Send DATA on a stream that was never opened."""
    peer.sendall(b"\x00\x00\x01\x00\x00" + (stream + 100).to_bytes(4, "big") + b"x")


def send_headers_that_cannot_be_read(
    peer: socket.socket, state: h2.connection.H2Connection, stream: int
) -> None:
    peer.sendall(b"\x00\x00\x02\x01\x04" + stream.to_bytes(4, "big") + b"\xff\xff")


def hang_up(peer: socket.socket, state: h2.connection.H2Connection, stream: int) -> None:
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


MISBEHAVIOURS: list[Misbehaviour] = [
    go_away_as_if_not_processed,
    go_away_after_an_error,
    refuse_the_stream,
    break_the_protocol,
    send_headers_that_cannot_be_read,
    hang_up,
]


class H2Server:
    """Respond to reads from a table, and misbehave after each POST."""

    def __init__(self, misbehave: Misbehaviour, answers: dict[str, Any] | None = None) -> None:
        self.carried_out: list[str] = []
        self._misbehave = misbehave
        self._answers = answers or {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        state.initiate_connection()
        asked: dict[int, dict[bytes, bytes]] = {}
        # After a misbehaviour, what still comes no longer matches.
        with peer, contextlib.suppress(OSError, h2.exceptions.ProtocolError):
            peer.sendall(state.data_to_send())
            while data := peer.recv(65536):
                for event in state.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        asked[event.stream_id] = dict(event.headers)
                    elif isinstance(event, h2.events.StreamEnded):
                        headers = asked[event.stream_id]
                        self._respond(peer, state, event.stream_id, headers)
                peer.sendall(state.data_to_send())

    def _respond(
        self,
        peer: socket.socket,
        state: h2.connection.H2Connection,
        stream: int,
        headers: dict[bytes, bytes],
    ) -> None:
        path = headers[b":path"].decode().partition("?")[0]
        if headers[b":method"] == b"POST":
            self.carried_out.append(path)
            self._misbehave(peer, state, stream)
            return
        data = self._answers.get(path, {"id": "a"})
        state.send_headers(stream, [(":status", "200"), ("content-type", "application/json")])
        state.send_data(stream, json.dumps({"success": True, "data": data}).encode(), end_stream=True)
        peer.sendall(state.data_to_send())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
