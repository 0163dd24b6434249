"""What may be written to a connection, and when: the same rules for the sockets of both clients."""

from __future__ import annotations

import httpcore

from vocobase._base.errors import ConfigurationError
from vocobase._transport.attempt import Attempt

PIECE = 64 * 1024
# How every message to a SOCKS proxy begins: a version, of the protocol or of the password exchange.
SOCKS = (b"\x05", b"\x01")
INTERIM = b"HTTP/1.1 1"


def attempt_of(buffer: bytes, timeout: float | None, first: float | None) -> tuple[Attempt | None, bool]:
    """Return the attempt that a write serves, and whether it writes a part of the request itself.

    What goes to a proxy beforehand is not a part of it: CONNECT, and the greeting of SOCKS, which httpcore
    writes without a time limit, so that of the connection counts.

    Raises:
        ConfigurationError: this version of httpcore writes requests in a way that cannot be followed.
    """
    attempt: Attempt | None = getattr(timeout, "attempt", None)
    opener: Attempt | None = getattr(first, "attempt", None)
    if attempt is None and opener is not None and not buffer.startswith(SOCKS):
        raise ConfigurationError(
            "The installed version of httpcore writes without a time limit, and is not supported;"
            " install httpcore<2."
        )
    if attempt is None:
        return opener, False
    is_connect = buffer.startswith(b"CONNECT ") and attempt.request.method != "CONNECT"
    return attempt, attempt.begun or not is_connect


class Line:
    """What is known about one connection.

    Attributes:
        spoiled: Whether it must not be used again: what comes next may be the response to nothing.
    """

    def __init__(self) -> None:
        self.spoiled = False
        self._used = False
        self._current: Attempt | None = None

    def admit(self, attempt: Attempt, heard: bool, ahead: bytes) -> None:
        """Let one more piece of a request be written, unless it is too late.

        Args:
            attempt: What the piece belongs to.
            heard: Whether the server has sent something that nobody has read, or has hung up.
            ahead: What it has sent.

        Raises:
            httpcore.ConnectionNotAvailable: httpcore uses another connection.
            httpcore.RemoteProtocolError: the server responds to what it was not asked.
            TimeoutExceededError: the time limit is over.
        """
        if self._current is attempt:
            attempt.check()
            attempt.early = attempt.early or is_response(ahead)
            return
        if heard or self.spoiled:
            self.spoiled = True
            if self._used:
                raise httpcore.ConnectionNotAvailable
            raise httpcore.RemoteProtocolError("the server hung up, or responded, before it was asked")
        attempt.send_headers()
        self._used, self._current = True, attempt

    def settle(self, clean: bool) -> None:
        """Note that the response was read, and whether nothing was left behind it."""
        self._current = None
        self.spoiled = self.spoiled or not clean


def is_response(data: bytes) -> bool:
    """Return whether data that came early is more than interim responses, such as 100."""
    while data.startswith(INTERIM):
        data = data.partition(b"\r\n\r\n")[2]
    return bool(data)
