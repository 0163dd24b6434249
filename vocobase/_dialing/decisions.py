"""The decision about a job immediately before it is dialled: the types, and how checks are combined.

`start_many` makes all checks after the claim, directly before the dial; `plan_many` makes the same checks,
with its own clock and without a claim. So a plan equals the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from vocobase._ledger import Entry


@dataclass(frozen=True, slots=True)
class Postpone:
    """The job may be dialled later.

    Attributes:
        until: When to check again.
        code: The reason as one word, such as ``outside_hours``.
        reason: The reason as a sentence.
    """

    until: datetime
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """The job must not be dialled, and never will be.

    Attributes:
        code: The reason as one word, such as ``do_not_call``.
        reason: The reason as a sentence.
        source: Where the reason comes from, such as the source of an entry of a do-not-call list.
    """

    code: str
    reason: str
    source: str | None = None


# None: the job may be dialled.
Decision = Postpone | Refuse | None
# A check reads the job as the ledger has it, and the time by the ledger's clock. It writes nothing.
Check = Callable[[Entry, datetime], Decision]


def first(checks: Iterable[Check], job: Entry, now: datetime) -> Decision:
    """Return the decision of the first check that has one."""
    return next((found for check in checks if (found := check(job, now)) is not None), None)
