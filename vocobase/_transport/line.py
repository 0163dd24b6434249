"""The rules for writing to a connection; the sockets of both clients follow them."""

from __future__ import annotations

import httpcore

from vocobase._base.errors import ConfigurationError
from vocobase._policy.hosts import address_of, is_loopback, normal
from vocobase._transport.attempt import Attempt

PIECE_BYTES = 64 * 1024
# Every message to a SOCKS proxy starts with a version, of the protocol or of the password exchange.
SOCKS_VERSIONS = (b"\x05", b"\x01")
INTERIM_STATUS = b"HTTP/1.1 1"


def attempt_of(buffer: bytes, timeout: float | None, first: float | None) -> tuple[Attempt | None, bool]:
    """Return the attempt that a write serves, and whether it writes a part of the request itself.

    Messages to a proxy are not part of the request: CONNECT, and the SOCKS greeting. httpcore writes the
    greeting without a timeout, so the timeout of the connection applies.

    Raises:
        ConfigurationError: this version of httpcore writes requests in an unknown way.
    """
    attempt: Attempt | None = getattr(timeout, "attempt", None)
    opener: Attempt | None = getattr(first, "attempt", None)
    if attempt is None and opener is not None and not buffer.startswith(SOCKS_VERSIONS):
        raise ConfigurationError(
            "The installed version of httpcore is not supported: it writes without a timeout;"
            " install httpcore<2."
        )
    if attempt is None:
        return opener, False
    is_connect = buffer.startswith(b"CONNECT ") and attempt.request.method != "CONNECT"
    return attempt, attempt.begun or not is_connect


def target_of(host: str, timeout: float | None) -> str:
    """Return the host to connect to for a request.

    Names below localhost are this machine, whatever a name server says: they may get a key in the clear.
    """
    attempt: Attempt | None = getattr(timeout, "attempt", None)
    in_the_clear = attempt is not None and attempt.request.url[:5].lower() == "http:"
    return "localhost" if in_the_clear and is_loopback(host) and not address_of(normal(host)) else host


class Line:
    """The state of one connection.

    Attributes:
        spoiled: Whether it must not be used again: its next data may belong to no request.
    """

    def __init__(self) -> None:
        self.spoiled = False
        self._used = False
        self._current: Attempt | None = None

    def admit(self, attempt: Attempt, heard: bool, ahead: bytes) -> None:
        """Allow one more piece of a request to be written, unless it is too late.

        Args:
            attempt: The attempt that the piece belongs to.
            heard: Whether the server has sent data that has not been read, or has hung up.
            ahead: That data.

        Raises:
            httpcore.ConnectionNotAvailable: httpcore uses another connection.
            httpcore.RemoteProtocolError: the server responds before the request.
            TimeoutExceededError: the deadline has passed.
        """
        if self._current is attempt:
            attempt.check()
            attempt.early = attempt.early or is_response(ahead)
            return
        if heard or self.spoiled:
            self.spoiled = True
            if self._used:
                raise httpcore.ConnectionNotAvailable
            raise httpcore.RemoteProtocolError("the server hung up, or responded before the request")
        attempt.send_headers()
        self._used, self._current = True, attempt

    def settle(self, clean: bool) -> None:
        """Record that the response was read, and whether nothing followed it."""
        self._current = None
        self.spoiled = self.spoiled or not clean


def is_response(data: bytes) -> bool:
    """Return whether early data is more than interim responses, such as 100."""
    while data.startswith(INTERIM_STATUS):
        data = data.partition(b"\r\n\r\n")[2]
    return bool(data)
