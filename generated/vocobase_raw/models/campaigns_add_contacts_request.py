from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..models.campaign_contact_input import CampaignContactInput
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class CampaignsAddContactsRequest(Model):
    """Request body of campaigns.add_contacts.

    Attributes:
        contacts (list[CampaignContactInput]): People to add. (minItems 1, maxItems 10000)
    """

    contacts: list[CampaignContactInput]
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("contacts", "contacts", load_list(load_model(CampaignContactInput)), None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
