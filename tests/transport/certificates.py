"""Servers with certificates of a company."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import trustme


class Company:
    """A certificate authority of a company, and a server with a certificate of it."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert("127.0.0.1", "localhost").configure_cert(self.tls)
        self.file = folder / "authority.pem"
        self.authority.cert_pem.write_to_path(str(self.file))

    def trusting(self) -> ssl.SSLContext:
        """Return TLS settings that trust the authority."""
        return ssl.create_default_context(cafile=str(self.file))


@contextmanager
def counting(tls: ssl.SSLContext) -> Iterator[tuple[str, list[str]]]:
    """Count the handshakes on a server whose certificate is not trusted."""
    seen: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    peer, _ = listener.accept()
                    seen.append("handshake")
                    with peer, suppress(OSError):
                        tls.wrap_socket(peer, server_side=True).close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", seen
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@contextmanager
def tls_proxy(company: Company) -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that is itself reached over TLS, and then passes everything on."""
    seen: list[bytes] = []

    def pump(source: Any, target: Any) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    def talk(peer: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError), company.tls.wrap_socket(peer, server_side=True) as outer:
            head = outer.recv(65536)
            seen.append(head)
            host, _, port = head.split()[1].decode().rpartition(":")
            with socket.create_connection((host, int(port))) as inner:
                outer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                threading.Thread(target=pump, args=(inner, outer), daemon=True).start()
                pump(outer, inner)

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", seen
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)
