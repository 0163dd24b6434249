"""Requests and responses as they go over the wire.

Plain classes: a dataclass compiles its methods at import, so every program would wait for it, and tools that
print tracebacks show the values of a tuple.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping

Body = bytes | Iterable[bytes] | AsyncIterator[bytes] | None


class Request:
    """One request, ready to be sent.

    Attributes:
        method: HTTP method.
        url: Full address; never shown, as it may hold a signature or a phone number.
        headers: Header fields.
        body: The whole body, or its pieces; None when there is none.
        name: The operation or step, for messages.
        once: Whether sending it a second time could act twice.
    """

    __slots__ = ("body", "headers", "method", "name", "once", "url")

    def __init__(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: Body = None,
        name: str = "",
        once: bool = False,
    ) -> None:
        self.method: str = method
        self.url: str = url
        self.headers: Mapping[str, str] = headers
        self.body: Body = body
        self.name: str = name
        self.once: bool = once

    def with_body(self, body: Body) -> Request:
        """Return the same request with another body."""
        return Request(self.method, self.url, self.headers, body, self.name, self.once)

    def __repr__(self) -> str:
        return f"<Request {self.method} of {self.name}>"


class Response:
    """One response, read to its end.

    Attributes:
        status: HTTP status.
        headers: Header fields, names in lower case.
        body: The whole body.
    """

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status: int = status
        self.headers: Mapping[str, str] = headers
        self.body: bytes = body

    def __repr__(self) -> str:
        return f"<Response {self.status}>"
