from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.json_object import JsonObject
from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class CampaignContactInput(Model):
    """Found at CampaignsAddContactsRequest.contacts[].

    Attributes:
        phone (str): Number to dial; required is inferred, as contacts are matched by phone. E.164.
            (pattern ^\\+[1-9]\\d{6,14}$)
        name (str | Unset): Name of the person; whether required is not documented.
        metadata (JsonObject | Unset): Any JSON object.
    """

    phone: str
    name: str | Unset = UNSET
    metadata: JsonObject | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("phone", "phone", None, None),
        ("name", "name", None, UNSET),
        ("metadata", "metadata", None, UNSET),
    )
