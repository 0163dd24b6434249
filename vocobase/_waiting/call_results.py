"""The results of waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from vocobase._base.errors import VocobaseError, WaitTimeoutError
from vocobase._base.values import whole_number
from vocobase_raw.models.call_details import CallDetails
from vocobase_raw.models.call_session import CallSession
from vocobase_raw.models.campaign import Campaign
from vocobase_raw.models.campaign_status import CampaignStatus


class FinishedCall(CallDetails):
    """A completed call whose results are final, with its session.

    Attributes:
        session: The conversation and its results.
    """

    if TYPE_CHECKING:
        session: CallSession  # pyright: ignore[reportIncompatibleVariableOverride] - never None here

    @classmethod
    def of(cls, call: CallDetails) -> FinishedCall:
        """Return a call that has its session as a finished one."""
        return cls.from_dict(call.to_dict())


@dataclass(frozen=True, slots=True)
class CallCompleted:
    """The result of a call that completed.

    Attributes:
        call_id: The call.
        call: The call with its session.
        error: None.
    """

    call_id: str
    call: FinishedCall
    error: None = None

    def unwrap(self) -> FinishedCall:
        """Return the completed call."""
        return self.call


@dataclass(frozen=True, slots=True)
class CallNotCompleted:
    """The result of a call that failed, is unknown or takes too long.

    Attributes:
        call_id: The call.
        call: The call as it was read last; None if it was never seen.
        error: ``CallFailedError``, ``WaitTimeoutError``, or the error of the API for this call,
            such as ``NotFoundError``.
    """

    call_id: str
    call: CallDetails | None
    error: VocobaseError

    def unwrap(self) -> FinishedCall:
        """Raise the error.

        Raises:
            CallFailedError: it ended as failed, no_answer, busy or canceled; ``call`` holds it.
            WaitTimeoutError: it did not end in time; ``last`` holds it.
            NotFoundError: no such call.
        """
        raise self.error


# The result of one of several calls; ``result.error is None`` distinguishes them, also for type checkers.
CallResult = CallCompleted | CallNotCompleted


@dataclass(frozen=True, slots=True)
class CampaignProgress:
    """The progress of a campaign.

    Attributes:
        status: Its state.
        total: Contacts of the campaign.
        completed: Contacts that were called successfully.
        failed: Contacts that failed.
        skipped: Contacts that were skipped.
        campaign: The campaign as it was read.
    """

    status: CampaignStatus
    total: int
    completed: int
    failed: int
    skipped: int
    campaign: Campaign = field(compare=False, repr=False)

    @property
    def remaining(self) -> int:
        """Contacts that are waiting or being called."""
        return max(0, self.total - self.completed - self.failed - self.skipped)

    @classmethod
    def of(cls, campaign: Campaign) -> Self:
        """Read the progress of a campaign; a count that is absent or malformed is 0."""
        return cls(
            status=campaign.status,
            total=whole_number(campaign.total_contacts) or 0,
            completed=whole_number(campaign.completed_count) or 0,
            failed=whole_number(campaign.failed_count) or 0,
            skipped=whole_number(campaign.skipped_count) or 0,
            campaign=campaign,
        )


def wait_timeout(text: str, *, last: Any, cause: BaseException | None) -> WaitTimeoutError:
    """Return the error for a wait whose time limit has passed.

    Args:
        text: Its message.
        last: The object as it was read last.
        cause: The error of the last read, None if it succeeded.
    """
    error = WaitTimeoutError(text, last=last)
    error.__cause__ = cause
    return error
