from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.campaign_status import CampaignStatus
from ..models.json_object import JsonObject
from ..types import (
    Identified,
    Load,
    Model,
    Unset,
    load_enum,
)


@define(kw_only=True, repr=False)
class CampaignStats(Identified, Model):
    """Payload of campaigns.stats.

    Attributes:
        campaign_id (str): Campaign identifier.
        status (CampaignStatus):
        total_contacts (int): Contacts on the campaign.
        contacts_by_status (JsonObject): Any JSON object.
        average_duration_seconds (float | None): Mean length of the calls in seconds.
        total_credits_used (float): A rupee amount since May 2026.
    """

    campaign_id: str
    status: CampaignStatus
    total_contacts: int
    contacts_by_status: JsonObject
    average_duration_seconds: float | None
    total_credits_used: float
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("campaign_id", "campaign_id", None, None),
        ("status", "status", load_enum(CampaignStatus), None),
        ("total_contacts", "total_contacts", None, None),
        ("contacts_by_status", "contacts_by_status", None, None),
        ("average_duration_seconds", "average_duration_seconds", None, None),
        ("total_credits_used", "total_credits_used", None, None),
    )

    _identifier: ClassVar[str] = "campaign_id"
