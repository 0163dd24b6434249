"""Proxies that greet in one way or another, and tunnels behind them."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator


def relay(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def greet_http(peer: socket.socket) -> bool:
    peer.recv(65536)
    peer.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
    return True


def greet_socks(peer: socket.socket) -> bool:
    peer.recv(100)
    peer.sendall(b"\x05\x00")
    peer.recv(100)
    peer.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
    return True


def garble_socks(peer: socket.socket) -> bool:
    peer.recv(100)
    peer.sendall(b"?")
    return False


def refuse_socks(peer: socket.socket) -> bool:
    peer.recv(100)
    peer.sendall(b"\x05\x00")
    peer.recv(100)
    # General failure.
    peer.sendall(b"\x05\x01\x00\x01\x00\x00\x00\x00\x00\x00")
    return False


@contextlib.contextmanager
def tunnel(greet: Callable[[socket.socket], bool], to: int = 0) -> Iterator[int]:
    """A proxy that greets, and then passes everything on to a port."""

    def talk(peer: socket.socket) -> None:
        with peer, contextlib.suppress(OSError):
            if greet(peer):
                with socket.create_connection(("127.0.0.1", to)) as target:
                    threading.Thread(target=relay, args=(target, peer), daemon=True).start()
                    relay(peer, target)

    def serve(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def speaking(parts: list[bytes]) -> Iterator[int]:
    """Serve on loopback: send a part after each thing that comes, then close."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    peer, _ = server.accept()
                    with peer, contextlib.suppress(OSError):
                        peer.settimeout(0.4)
                        for part in parts:
                            peer.recv(65536)
                            peer.sendall(part)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
    thread.join(10)
