"""What a user may choose about a sandbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Sender = Callable[[str, dict[str, str], bytes, float], int]
"""Send one webhook request (url, headers, body, timeout in seconds); return its status or raise OSError."""

LOCAL_ORIGIN = "http://sandbox.localhost"
"""The address that in-process transports answer to."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold the choices; every duration is in seconds of the sandbox clock."""

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
