"""Requests and responses as they go over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
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

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | Iterable[bytes] | AsyncIterator[bytes] | None = field(default=None, repr=False)
    name: str = ""
    once: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """One response, read to its end."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
