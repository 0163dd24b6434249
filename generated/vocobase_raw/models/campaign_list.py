from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.campaign import Campaign
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class CampaignList(Model):
    """Payload of campaigns.list.

    Attributes:
        campaigns (list[Campaign]): List key.
        total (int | None): May be absent.
    """

    campaigns: list[Campaign]
    total: int | None
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("campaigns", "campaigns", load_list(load_model(Campaign)), None),
        ("total", "total", None, None),
    )
