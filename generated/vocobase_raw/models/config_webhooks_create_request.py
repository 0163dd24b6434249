from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class ConfigWebhooksCreateRequest(Model):
    """Request body of config.webhooks.create.

    Attributes:
        label (str): Name of the endpoint, chosen by you; lower-case letters, digits, hyphens; default is
            reserved for the legacy route. (minLength 1, maxLength 31, pattern ^[a-z0-9][a-z0-9-]{0,30}$)
        url (str): HTTPS address.
        enabled (bool | Unset): Whether new events are sent to it. (default True)
    """

    label: str
    url: str
    enabled: bool | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("label", "label", None, None),
        ("url", "url", None, None),
        ("enabled", "enabled", None, UNSET),
    )
