from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

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
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("campaigns", "campaigns", load_list(load_model(Campaign)), None),
        ("total", "total", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
