"""Watch a campaign."""

from __future__ import annotations

from collections.abc import AsyncIterator

from vocobase._base.errors import CampaignFailedError
from vocobase._core.aio.core import AsyncCore
from vocobase._policy.states import CAMPAIGN, Phase
from vocobase._waiting.aio.schedule import AsyncPollSchedule
from vocobase._waiting.call_results import CampaignProgress, wait_timeout
from vocobase._waiting.intervals import PollInterval
from vocobase_raw.api.campaigns import get as campaigns_get
from vocobase_raw.models.campaign import Campaign


async def watch_campaign(
    core: AsyncCore, campaign_id: str, *, timeout: float | None, interval: float
) -> AsyncIterator[CampaignProgress]:
    """Watch a campaign; see ``campaigns.watch``."""
    schedule = AsyncPollSchedule(core, timeout, interval=PollInterval(interval, interval))
    last: CampaignProgress | None = None

    async def read(core: AsyncCore) -> Campaign:
        return await core.call(campaigns_get.build(campaign_id), campaigns_get.parse)

    while (campaign := await schedule.poll(read)) is not None:
        previous, last = last, CampaignProgress.of(campaign)
        if last != previous:
            yield last
        phase = CAMPAIGN.phase(campaign.status, campaign.completed_at)
        if phase is Phase.FAILED:
            text = f"campaigns.watch: the campaign is {campaign.status}; see `campaign` of this error."
            raise CampaignFailedError(text, campaign=campaign)
        if phase is Phase.DONE:
            return
    state = "was not seen" if last is None else f"is still {last.status}"
    text = f"campaigns.watch: the campaign {state}; watch longer, or check later with campaigns.get."
    raise wait_timeout(text, last=last and last.campaign, cause=schedule.error)
