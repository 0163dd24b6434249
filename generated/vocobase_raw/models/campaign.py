from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..models.campaign_status import CampaignStatus
from ..models.telephony_provider import TelephonyProvider
from ..types import (
    Identified,
    Load,
    Model,
    Unset,
    load_datetime,
    load_enum,
)


@define(kw_only=True, repr=False)
class Campaign(Identified, Model):
    """Payload of campaigns.create, campaigns.get, campaigns.start, campaigns.pause, campaigns.resume,
    campaigns.stop.

    Attributes:
        campaign_id (str): Named campaign_id, not id.
        name (str): Name shown to people.
        description (None | str): Free text.
        agent_id (str): Agent identifier.
        agent_name (str): Name of the agent.
        provider (TelephonyProvider):
        concurrency_limit (int): Cap on simultaneous calls of the campaign. (minimum 1, maximum 10)
        status (CampaignStatus):
        total_contacts (int): Contacts on the campaign.
        completed_count (int): Contacts reached to the end.
        failed_count (int): Contacts that failed.
        skipped_count (int): Contacts that were skipped.
        started_at (datetime.datetime | None): Null in draft (inferred)
        paused_at (datetime.datetime | None): Null unless it was paused (inferred)
        completed_at (datetime.datetime | None): Null until finished (inferred)
        created_at (datetime.datetime): Time of creation.
    """

    campaign_id: str
    name: str
    description: None | str
    agent_id: str
    agent_name: str
    provider: TelephonyProvider
    concurrency_limit: int
    status: CampaignStatus
    total_contacts: int
    completed_count: int
    failed_count: int
    skipped_count: int
    started_at: datetime.datetime | None
    paused_at: datetime.datetime | None
    completed_at: datetime.datetime | None
    created_at: datetime.datetime
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("campaign_id", "campaign_id", None, None),
        ("name", "name", None, None),
        ("description", "description", None, None),
        ("agent_id", "agent_id", None, None),
        ("agent_name", "agent_name", None, None),
        ("provider", "provider", load_enum(TelephonyProvider), None),
        ("concurrency_limit", "concurrency_limit", None, None),
        ("status", "status", load_enum(CampaignStatus), None),
        ("total_contacts", "total_contacts", None, None),
        ("completed_count", "completed_count", None, None),
        ("failed_count", "failed_count", None, None),
        ("skipped_count", "skipped_count", None, None),
        ("started_at", "started_at", load_datetime, None),
        ("paused_at", "paused_at", load_datetime, None),
        ("completed_at", "completed_at", load_datetime, None),
        ("created_at", "created_at", load_datetime, None),
    )

    _identifier: ClassVar[str] = "campaign_id"
