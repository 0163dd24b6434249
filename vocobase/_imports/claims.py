"""Match the calls and the contacts of a campaign: pure, no I/O and no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, cast

from vocobase._base.errors import CallFailedError
from vocobase._base.masked_repr import MaskedRepr
from vocobase._policy.states import CAMPAIGN, Phase
from vocobase._waiting.call_results import CallCompleted, CallResult
from vocobase._waiting.matches import digits_of
from vocobase_raw.models.call import Call
from vocobase_raw.models.call_details import CallDetails
from vocobase_raw.models.campaign import Campaign

Outcome = Literal["completed", "failed", "not_final", "waiting", "not_called", "unknown"]


@dataclass(frozen=True, slots=True, repr=False)
class ContactResult(MaskedRepr):
    """The result of one contact of a campaign.

    Attributes:
        phone: Number of the contact.
        outcome: ``completed`` or ``failed`` if the results of its call are final; ``not_final`` if they were
            not in time; ``waiting`` if it was not called and the campaign has not ended; ``not_called`` if it
            has; ``unknown`` if several campaigns could have made its call, or several calls could be its own.
        call: Its call; a ``FinishedCall`` with its session if it completed. None without a call, and if
            the outcome is unknown.
        call_ids: The call, or all calls that could be its own.
    """

    phone: str = field(repr=False)
    outcome: Outcome
    call: CallDetails | None = None
    call_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """The time in which a campaign dials.

    Attributes:
        since: Its start.
        until: Its end; None while it has not ended.
    """

    since: datetime
    until: datetime | None

    @classmethod
    def of(cls, campaign: Campaign) -> Period | None:
        """Return the period of a campaign, None if it was not started."""
        since, until = (_as_time(time) for time in (campaign.started_at, campaign.completed_at))
        if since is None and CAMPAIGN.phase(campaign.status) is not Phase.ONGOING:
            since = _as_time(campaign.created_at)
        return None if since is None else cls(since, until)

    def may_include(self, call: Call) -> bool:
        """Return whether a call may have been made in this period; one without a time may."""
        created = _as_time(call.created_at)
        return created is None or (self.since <= created and (self.until is None or created <= self.until))


@dataclass(frozen=True, slots=True)
class Rival:
    """Another campaign with the same agent.

    Attributes:
        period: When it dials.
        phones: The digits of its numbers; None if they are not known, so that it may have any.
    """

    period: Period
    phones: frozenset[str] | None

    def may_claim(self, call: Call) -> bool:
        """Return whether this campaign may have made a call."""
        has_number = self.phones is None or digits_of(call.to_number) in self.phones
        return has_number and self.period.may_include(call)


class Claims:
    """The contacts of a campaign, and the calls that could be theirs.

    Args:
        phones: Numbers of the contacts.
        period: When the campaign dials.
        rivals: The other campaigns of the agent.
    """

    def __init__(self, phones: Iterable[str], period: Period, rivals: Iterable[Rival]) -> None:
        self._calls: dict[str, list[Call]] = {digits_of(phone): [] for phone in phones}
        self._phones = {digits_of(phone): phone for phone in phones}
        self._period = period
        self._rivals = tuple(rivals)

    def add(self, call: Call) -> None:
        """Take a call of the agent."""
        number = digits_of(call.to_number)
        is_inbound = cast(object, call.direction) == "inbound"
        if number in self._calls and not is_inbound and self._period.may_include(call):
            self._calls[number].append(call)

    def certain(self) -> dict[str, str]:
        """Return the numbers of the contacts whose call is certain, by the identifier of that call."""
        return {
            calls[0].call_id: self._phones[number]
            for number, calls in self._calls.items()
            if len(calls) == 1 and not self._is_contested(calls)
        }

    def others(self, *, has_ended: bool) -> Iterable[ContactResult]:
        """Yield the results of the other contacts.

        Args:
            has_ended: Whether the campaign has ended.
        """
        for number, calls in self._calls.items():
            phone = self._phones[number]
            if not calls:
                yield ContactResult(phone, "not_called" if has_ended else "waiting")
            elif len(calls) > 1 or self._is_contested(calls):
                yield ContactResult(phone, "unknown", call_ids=tuple(call.call_id for call in calls))

    def _is_contested(self, calls: Iterable[Call]) -> bool:
        return any(rival.may_claim(call) for rival in self._rivals for call in calls)


def result_of(result: CallResult, phones: Mapping[str, str]) -> ContactResult:
    """Return the result of a contact whose call is certain."""
    call = result.call
    outcome: Outcome = "not_final"
    if isinstance(result, CallCompleted):
        outcome = "completed"
    elif isinstance(result.error, CallFailedError):
        outcome = "failed"
    return ContactResult(phones[result.call_id], outcome, call, (result.call_id,))


def _as_time(value: object) -> datetime | None:
    # Models keep malformed times as they are, so the declared type is not certain.
    return value if isinstance(value, datetime) else None
