from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.campaign_contact_input import CampaignContactInput
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class CampaignsAddContactsRequest(Model):
    """Request body of campaigns.add_contacts.

    Attributes:
        contacts (list[CampaignContactInput]): People to add. (minItems 1, maxItems 10000)
    """

    contacts: list[CampaignContactInput]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("contacts", "contacts", load_list(load_model(CampaignContactInput)), None),
    )
