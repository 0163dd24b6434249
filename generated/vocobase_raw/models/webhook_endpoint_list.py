from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..models.webhook_endpoint import WebhookEndpoint
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class WebhookEndpointList(Model):
    """Payload of config.webhooks.list.

    Attributes:
        webhooks (list[WebhookEndpoint]): List key; a bare array in data is the alternative.
    """

    webhooks: list[WebhookEndpoint]
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("webhooks", "webhooks", load_list(load_model(WebhookEndpoint)), None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
