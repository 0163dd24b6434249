"""Your account: settings, webhook endpoints, carrier credentials."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from vocobase._resources.aio.resource import AsyncResource
from vocobase._resources.aio.telephony import AsyncTelephonyCredentials
from vocobase._resources.aio.webhook_endpoints import AsyncWebhookEndpoints
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import PartnerConfig, PartnerDisplayName


class AsyncConfig(AsyncResource):
    """Your account: settings, webhook endpoints, carrier credentials."""

    @cached_property
    def webhooks(self) -> AsyncWebhookEndpoints:
        """Webhook endpoints, to which events are sent; at most 5."""
        return AsyncWebhookEndpoints(self._core)

    @cached_property
    def telephony(self) -> AsyncTelephonyCredentials:
        """Carrier credentials of the default connections."""
        return AsyncTelephonyCredentials(self._core)

    async def get(self) -> PartnerConfig:
        """Return the partner's settings, limits, webhook state and carrier setup.

        Returns:
            The ``PartnerConfig``.

        Retries: automatic.
        Documentation: Config, Get partner configuration.
        """
        return await self._core.call(api.config.get.build(), api.config.get.parse)

    async def update_display_name(self, display_name: str) -> PartnerDisplayName:
        """Change the partner's display name.

        Args:
            display_name: New display name.

        Returns:
            The ``PartnerDisplayName``.

        Retries: automatic.
        Documentation: Config, Update partner display name.
        """
        return await self._core.call(
            api.config.update_display_name.build(
                body=models.ConfigUpdateDisplayNameRequest(display_name=display_name)
            ),
            api.config.update_display_name.parse,
        )
