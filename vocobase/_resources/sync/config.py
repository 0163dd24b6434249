# Derived from vocobase/_resources/aio/config.py by scripts/derive_sync.py; edit that instead.
"""Your account: settings, webhook endpoints, carrier credentials."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from vocobase._resources.sync.resource import Resource
from vocobase._resources.sync.telephony import TelephonyCredentials
from vocobase._resources.sync.webhook_endpoints import WebhookEndpoints
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import PartnerConfig, PartnerDisplayName


class Config(Resource):
    """Your account: settings, webhook endpoints, carrier credentials."""

    @cached_property
    def webhooks(self) -> WebhookEndpoints:
        """Webhook endpoints, to which events are sent; at most 5."""
        return WebhookEndpoints(self._core)

    @cached_property
    def telephony(self) -> TelephonyCredentials:
        """Carrier credentials of the default connections."""
        return TelephonyCredentials(self._core)

    def get(self) -> PartnerConfig:
        """Return the partner's settings, limits, webhook state and carrier setup.

        Returns:
            The ``PartnerConfig``.

        Retries: automatic.
        Documentation: Config, Get partner configuration.
        """
        return self._core.call(api.config.get.build(), api.config.get.parse)

    def update_display_name(self, display_name: str) -> PartnerDisplayName:
        """Change the partner's display name.

        Args:
            display_name: New display name.

        Returns:
            The ``PartnerDisplayName``.

        Retries: automatic.
        Documentation: Config, Update partner display name.
        """
        return self._core.call(
            api.config.update_display_name.build(
                body=models.ConfigUpdateDisplayNameRequest(display_name=display_name)
            ),
            api.config.update_display_name.parse,
        )
