from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class ConfigWebhooksSetDefaultRequest(Model):
    """Request body of config.webhooks.set_default.

    Attributes:
        webhook_url (str): HTTPS address.
    """

    webhook_url: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("webhook_url", "webhook_url", None, None),
    )
