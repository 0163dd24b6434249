"""The results of waits: small values of our own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from vocobase._base.errors import VocobaseError, WaitTimeoutError
from vocobase._base.values import whole_number
from vocobase_raw.models.call_details import CallDetails
from vocobase_raw.models.campaign import Campaign
from vocobase_raw.models.campaign_status import CampaignStatus


@dataclass(frozen=True, slots=True)
class CallResult:
    """The result of one of several calls.

    Attributes:
        call_id: The call.
        call: The call as it was read last; None if it was never seen.
        error: None for a completed call; otherwise :class:`CallFailedError`, :class:`WaitTimeoutError`, or
            the error of the API for this call, such as :class:`NotFoundError`.
    """

    call_id: str
    call: CallDetails | None
    error: VocobaseError | None = None

    def unwrap(self) -> CallDetails:
        """Return the completed call, or raise the error.

        Raises:
            CallFailedError: it ended as failed, no_answer, busy or canceled; ``call`` holds it.
            WaitTimeoutError: it did not end in time; ``last`` holds it.
            NotFoundError: no such call.
        """
        if self.error is not None:
            raise self.error
        assert self.call is not None
        return self.call


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
        """Contacts that wait or are being called."""
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
        cause: The error of the last read, None if it went well.
    """
    error = WaitTimeoutError(text, last=last)
    error.__cause__ = cause
    return error
