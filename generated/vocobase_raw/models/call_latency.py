from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class CallLatency(Model):
    """Response times of the agent.

    Attributes:
        min_ms (int): Shortest response time in milliseconds.
        max_ms (int): Longest response time in milliseconds.
        avg_ms (int): Mean response time in milliseconds.
    """

    min_ms: int
    max_ms: int
    avg_ms: int
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("min_ms", "min_ms", None, None),
        ("max_ms", "max_ms", None, None),
        ("avg_ms", "avg_ms", None, None),
    )
