from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class CampaignsCreateRequest(Model):
    """Request body of campaigns.create.

    Attributes:
        name (str): Campaign name; length limit not documented.
        agent_id (str): Agent that handles every call.
        provider (str): Carrier; must be in allowed_telephony_providers of the partner and have
            credentials. The documented list is mcube, twilio and exotel; it predates the carriers that
            calls.start accepts. Known values: mcube, twilio, exotel.
        description (str | Unset): Free text.
        concurrency_limit (int | Unset): Cap on simultaneous calls, 1 to 10; values outside the range are
            clamped by the server instead of rejected. (default 1)
    """

    name: str
    agent_id: str
    provider: str
    description: str | Unset = UNSET
    concurrency_limit: int | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, None),
        ("agent_id", "agent_id", None, None),
        ("provider", "provider", None, None),
        ("description", "description", None, UNSET),
        ("concurrency_limit", "concurrency_limit", None, UNSET),
    )
