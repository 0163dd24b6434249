from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.webhook_endpoint import WebhookEndpoint
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class WebhookEndpointList(Model):
    """Payload of config.webhooks.list.

    Attributes:
        webhooks (list[WebhookEndpoint]): List key; a bare array in data is the alternative.
    """

    webhooks: list[WebhookEndpoint]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("webhooks", "webhooks", load_list(load_model(WebhookEndpoint)), None),
    )
