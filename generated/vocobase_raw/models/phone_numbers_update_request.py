from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class PhoneNumbersUpdateRequest(Model):
    """Request body of phone_numbers.update. At least one field is required (inferred).

    Attributes:
        agent_id (None | str | Unset): Agent to bind; null or empty string unbinds.
        friendly_name (None | str | Unset): Label. (maxLength 200)
        status (str | Unset): Upper case. Known values: ACTIVE, INACTIVE.
    """

    agent_id: None | str | Unset = UNSET
    friendly_name: None | str | Unset = UNSET
    status: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("agent_id", "agent_id", None, UNSET),
        ("friendly_name", "friendly_name", None, UNSET),
        ("status", "status", None, UNSET),
    )
