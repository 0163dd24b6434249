"""The settings of a sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypedDict, cast

from vocobase_sandbox.kernel.loopback import read_hosts
from vocobase_sandbox.kernel.messages import Row

Sender = Callable[[str, dict[str, str], bytes, float], int]
"""Send one webhook request (url, headers, body, timeout in seconds); return its status or raise OSError."""

LOCAL_ORIGIN = "http://sandbox.localhost"
"""The origin of the in-process transports."""


def is_number(value: Any) -> bool:
    """Whether a value is a finite number of reasonable size."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= _LARGEST


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_texts(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    return all(isinstance(text, str) for pair in cast("Row", value).items() for text in pair)


_LARGEST = 1e12
Requirement = tuple[str, Callable[[Any], bool]]
"""The requirement on a setting, in words and as a test."""
_FLAG: Requirement = ("True or False", lambda value: isinstance(value, bool))
_SECONDS: Requirement = ("a number of seconds, at least 0", lambda value: is_number(value) and value >= 0)
# Without these checks, a wrong setting would fail, or go unnoticed, in the middle of a run.
REQUIREMENTS: dict[str, Requirement] = {
    "strict": _FLAG,
    "rate_limits": _FLAG,
    "concurrency": ("a whole number, at least 0, or None", lambda value: value is None or is_count(value)),
    "balance": ("a number of rupees", is_number),
    "agent_limit": ("a whole number, at least 0", is_count),
    "ring_seconds": _SECONDS,
    "pace": ("a number above 0", lambda value: is_number(value) and value > 0),
    "processing_seconds": _SECONDS,
    "allow_remote": _FLAG,
    "routes": ("a mapping of operations to routes", is_texts),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a sandbox; every duration is in seconds of the sandbox clock.

    Raises:
        ValueError: if a setting is invalid.
    """

    seed: int | str = 0
    strict: bool = False
    rate_limits: bool = True
    concurrency: int | None = None
    """Partner override of the limit on live calls; None keeps the default of 5, 0 removes the limit."""
    balance: float = 500.0
    """Opening balance in rupees."""
    agent_limit: int = 100
    carriers: tuple[str, ...] = ("mcube", "twilio")
    """Carriers that have credentials from the start."""
    ring_seconds: float = 0.5
    """How long an ordinary call rings; the other ringing times are multiples of it."""
    pace: float = 10.0
    """Seconds of conversation per second of the sandbox clock."""
    processing_seconds: float = 0.2
    """Duration of the post-processing after the end of a session."""
    allow_remote: bool = False
    """Whether webhooks are delivered to other machines."""
    allowed_hosts: frozenset[str] = field(default_factory=frozenset[str])
    """Additional host names that the server accepts."""
    webhook_hosts: frozenset[str] = field(default_factory=frozenset[str])
    """Other machines that receive webhooks, even over plain HTTP."""
    routes: Mapping[str, str] = field(default_factory=dict[str, str])
    """New routes of operations that are not served under those of openapi.json."""
    sender: Sender | None = None
    """Replacement for the HTTP client of webhook delivery."""

    def __post_init__(self) -> None:
        """Reject invalid settings."""
        for name, (wanted, fits) in REQUIREMENTS.items():
            if not fits(getattr(self, name)):
                raise ValueError(f"{name} must be {wanted}")
        for name in ("allowed_hosts", "webhook_hosts"):
            hosts = read_hosts(getattr(self, name))
            if hosts is None:
                raise ValueError(f"{name} must be a set of host names without ports, such as {{'app'}}")
            object.__setattr__(self, name, hosts)


class Options(TypedDict, total=False):
    """The fields of `Settings` that are options of `Sandbox`; every duration is in seconds of its clock."""

    rate_limits: bool
    concurrency: int | None
    balance: float
    agent_limit: int
    carriers: tuple[str, ...]
    ring_seconds: float
    pace: float
    processing_seconds: float
    allow_remote: bool
    allowed_hosts: frozenset[str]
    webhook_hosts: frozenset[str]
    routes: Mapping[str, str]
    sender: Sender | None


def check_names(given: Iterable[str]) -> None:
    """Reject options that do not exist.

    Raises:
        TypeError: it names the option and the nearest one.
    """
    known = [*Options.__annotations__, "seed", "clock", "start", "strict", "state", "data", "api_key"]
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, 1, 0.5)
            hint = f"did you mean {near[0]}?" if near else f"the options are: {', '.join(sorted(known))}"
            raise TypeError(f"Sandbox has no option {name!r}; {hint}")
