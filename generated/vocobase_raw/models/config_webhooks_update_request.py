from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class ConfigWebhooksUpdateRequest(Model):
    """Request body of config.webhooks.update. At least one field is required (inferred).

    Attributes:
        label (str | Unset): Label of the record. (minLength 1, maxLength 31, pattern
            ^[a-z0-9][a-z0-9-]{0,30}$)
        url (str | Unset): HTTPS address.
        enabled (bool | Unset): Whether new events are sent to it.
    """

    label: str | Unset = UNSET
    url: str | Unset = UNSET
    enabled: bool | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("label", "label", None, UNSET),
        ("url", "url", None, UNSET),
        ("enabled", "enabled", None, UNSET),
    )
