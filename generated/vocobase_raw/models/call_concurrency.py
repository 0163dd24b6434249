from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.concurrency_limit_source import ConcurrencyLimitSource
from ..types import Load, Model, Unset, load_enum


@define(kw_only=True, repr=False)
class CallConcurrency(Model):
    """Payload of calls.concurrency.

    Attributes:
        limit (int | None): Cap that applies; null when unlimited.
        limit_source (ConcurrencyLimitSource):
        active (int): Calls that occupy a slot now.
        remaining (int | None): Free slots; null when unlimited.
        statuses_counted (list[str]): Statuses that occupy a slot, upper case: PENDING, RINGING,
            IN_PROGRESS.
    """

    limit: int | None
    limit_source: ConcurrencyLimitSource
    active: int
    remaining: int | None
    statuses_counted: list[str]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("limit", "limit", None, None),
        ("limit_source", "limit_source", load_enum(ConcurrencyLimitSource), None),
        ("active", "active", None, None),
        ("remaining", "remaining", None, None),
        ("statuses_counted", "statuses_counted", None, None),
    )
