# Derived from vocobase/_waiting/aio/campaigns.py by scripts/derive_sync.py; edit that instead.
"""Watch a campaign."""

from __future__ import annotations

from collections.abc import Iterator

from vocobase._base.errors import CampaignFailedError
from vocobase._core.sync.core import Core
from vocobase._policy.states import CAMPAIGN, Phase
from vocobase._waiting.call_results import CampaignProgress, wait_timeout
from vocobase._waiting.intervals import PollInterval
from vocobase._waiting.sync.schedule import PollSchedule
from vocobase_raw.api.campaigns import get as campaigns_get
from vocobase_raw.models.campaign import Campaign


def watch_campaign(
    core: Core, campaign_id: str, *, timeout: float | None, interval: float
) -> Iterator[CampaignProgress]:
    """Watch a campaign; see ``campaigns.watch``."""
    schedule = PollSchedule(core, timeout, interval=PollInterval(interval, interval))
    last: CampaignProgress | None = None

    def read(core: Core) -> Campaign:
        return core.call(campaigns_get.build(campaign_id), campaigns_get.parse)

    while (campaign := schedule.poll(read)) is not None:
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
