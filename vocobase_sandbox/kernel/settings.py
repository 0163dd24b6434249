"""What a user may choose about a sandbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Sender = Callable[[str, dict[str, str], bytes, float], int]
"""Send one webhook request (url, headers, body, timeout in seconds); return its status or raise OSError."""

LOCAL_ORIGIN = "http://sandbox.localhost"
"""The address that in-process transports answer to."""


def is_number(value: Any) -> bool:
    """Tell whether a value is a finite number of a usual size."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= _LARGEST


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_LARGEST = 1e12
Wanted = tuple[str, Callable[[Any], bool]]
"""What a choice must be, in words and as a test."""
_FLAG: Wanted = ("True or False", lambda value: isinstance(value, bool))
_SECONDS: Wanted = ("a number of seconds, at least 0", lambda value: is_number(value) and value >= 0)
# What would otherwise fail, or go wrong quietly, in the middle of a run.
WANTED: dict[str, Wanted] = {
    "strict": _FLAG,
    "rate_limits": _FLAG,
    "concurrency": ("a whole number, at least 0, or None", lambda value: value is None or _is_count(value)),
    "balance": ("a number of rupees", is_number),
    "agent_limit": ("a whole number, at least 0", _is_count),
    "ring_seconds": _SECONDS,
    "pace": ("a number above 0", lambda value: is_number(value) and value > 0),
    "processing_seconds": _SECONDS,
    "allow_remote": _FLAG,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold the choices; every duration is in seconds of the sandbox clock.

    Raises:
        ValueError: When a choice cannot be used.
    """

    seed: int | str = 0
    strict: bool = False
    rate_limits: bool = True
    concurrency: int | None = None
    """Partner override of the cap on live calls; None keeps the default of 5, 0 lifts it."""
    balance: float = 500.0
    """Opening balance in rupees."""
    agent_limit: int = 100
    carriers: tuple[str, ...] = ("mcube", "twilio")
    """Carriers that have credentials from the beginning."""
    ring_seconds: float = 0.5
    """How long an ordinary call rings; the others follow from it."""
    pace: float = 10.0
    """How many seconds of conversation pass in one second of the sandbox clock."""
    processing_seconds: float = 0.2
    """Time between the end of a session and its finished post-processing."""
    allow_remote: bool = False
    """Whether webhooks may leave this machine."""
    allowed_hosts: frozenset[str] = field(default_factory=frozenset[str])
    """Further host names under which the server may be addressed."""
    sender: Sender | None = None
    """Replacement for the HTTP client of webhook delivery."""

    def __post_init__(self) -> None:
        """Refuse choices that cannot be used."""
        for name, (wanted, fits) in WANTED.items():
            if not fits(getattr(self, name)):
                raise ValueError(f"{name} must be {wanted}")
