"""Destinations for events; at most 5."""

from __future__ import annotations

from vocobase._base.errors import ConflictError
from vocobase._base.secrets import reveal
from vocobase._base.values import OMIT, Omit
from vocobase._policy.limits import check_members
from vocobase._policy.pages import Page
from vocobase._resources.aio.resource import AsyncResource
from vocobase_raw.api.config_webhooks import create as config_webhooks_create
from vocobase_raw.api.config_webhooks import delete as config_webhooks_delete
from vocobase_raw.api.config_webhooks import list_ as config_webhooks_list
from vocobase_raw.api.config_webhooks import rotate_secret as config_webhooks_rotate_secret
from vocobase_raw.api.config_webhooks import set_default as config_webhooks_set_default
from vocobase_raw.api.config_webhooks import update as config_webhooks_update
from vocobase_raw.models.config_webhooks_create_request import ConfigWebhooksCreateRequest
from vocobase_raw.models.config_webhooks_set_default_request import ConfigWebhooksSetDefaultRequest
from vocobase_raw.models.config_webhooks_update_request import ConfigWebhooksUpdateRequest
from vocobase_raw.models.confirmation import Confirmation
from vocobase_raw.models.created_webhook_endpoint import CreatedWebhookEndpoint
from vocobase_raw.models.default_webhook import DefaultWebhook
from vocobase_raw.models.rotated_webhook_secret import RotatedWebhookSecret
from vocobase_raw.models.webhook_endpoint import WebhookEndpoint


class AsyncWebhookEndpoints(AsyncResource):
    """Destinations for events; at most 5."""

    async def create(self, label: str, url: str, *, enabled: bool | Omit = OMIT) -> CreatedWebhookEndpoint:
        """Add an HTTPS destination for events; the answer holds its signing secret, shown this once only.

        Args:
            label: Own name of the endpoint; lower-case letters, digits, hyphens; default is reserved for
                the legacy route (1 to 31 characters; pattern ``^[a-z0-9][a-z0-9-]{0,30}$``).
            url: HTTPS address.
            enabled: Whether new events are sent to it (default true).

        Returns:
            The :class:`CreatedWebhookEndpoint`.

        Raises:
            ValidationFailedError: bad label, plain HTTP address, or a missing value; codes for a reserved or
                repeated label and for a sixth endpoint are not documented.
            ConflictError: label already used; plausible, not documented for this operation.
            OutcomeUnknownError: no response; check with config.webhooks.list; if it exists, rotate its
                secret.

        Retries: only if the API certainly did not process the request.
        Documentation: Config, Create a webhook endpoint.
        """
        return await self._core.call(
            config_webhooks_create.build(
                body=ConfigWebhooksCreateRequest(label=label, url=url, enabled=enabled)
            ),
            config_webhooks_create.parse,
        )

    async def list(self) -> Page[WebhookEndpoint]:
        """List all webhook endpoints of the partner.

        Returns:
            A page of :class:`WebhookEndpoint`.

        Retries: automatic.
        Documentation: Config, List webhook endpoints.
        """
        return await self._core.page(config_webhooks_list.build(), "webhooks", WebhookEndpoint.from_dict)

    async def ensure(self, label: str, url: str) -> WebhookEndpoint | CreatedWebhookEndpoint:
        """Create the endpoint of this label, or point it to this address and enable it when it exists.

        The secret is known only when the endpoint was created now: the answer is then a
        :class:`CreatedWebhookEndpoint`. Use ``rotate_secret`` for a new secret of an existing one.

        Args:
            label: Name of the endpoint (pattern ``^[a-z0-9][a-z0-9-]{0,30}$``).
            url: HTTPS address.

        Returns:
            The endpoint as it is now.

        Raises:
            InvalidArgumentError: bad label; nothing was sent.
            ValidationFailedError: bad address, or there are 5 endpoints already.

        Retries: automatic; run it again after an error, it ends in the same state.
        Documentation: Config, Create a webhook endpoint and Update a webhook endpoint.
        """
        wanted = {"label": label, "url": url}
        check_members("config.webhooks.ensure", wanted, limits_of="config.webhooks.create")
        found = next((endpoint for endpoint in await self.list() if endpoint.label == label), None)
        if found is None:
            try:
                return await self.create(label, url)
            except ConflictError:
                # Another process was faster. A lost answer is raised: with it the secret is lost.
                found = next((endpoint for endpoint in await self.list() if endpoint.label == label), None)
                if found is None:
                    raise
        if found.url == reveal(url) and found.enabled:
            return found
        return await self.update(found.id, url=url, enabled=True)

    async def update(
        self,
        endpoint_id: str,
        *,
        label: str | Omit = OMIT,
        url: str | Omit = OMIT,
        enabled: bool | Omit = OMIT,
    ) -> WebhookEndpoint:
        """Change label, address or enabled state of an endpoint.

        Args:
            endpoint_id: Webhook endpoint id.
            label: Label of the record (1 to 31 characters; pattern ``^[a-z0-9][a-z0-9-]{0,30}$``).
            url: HTTPS address.
            enabled: Whether new events are sent to it.

        Returns:
            The :class:`WebhookEndpoint`.

        Raises:
            ValidationFailedError: required value missing or value out of range; the message names it.
            NotFoundError: unknown endpoint.

        Retries: automatic.
        Documentation: Config, Update a webhook endpoint.
        """
        return await self._core.call(
            config_webhooks_update.build(
                endpoint_id, body=ConfigWebhooksUpdateRequest(label=label, url=url, enabled=enabled)
            ),
            config_webhooks_update.parse,
        )

    async def delete(self, endpoint_id: str) -> Confirmation:
        """Remove an endpoint.

        Args:
            endpoint_id: Webhook endpoint id.

        Returns:
            The confirmation text.

        Raises:
            NotFoundError: unknown endpoint.

        Retries: automatic.
        Documentation: Config, Delete a webhook endpoint.
        """
        return await self._core.call(config_webhooks_delete.build(endpoint_id), config_webhooks_delete.parse)

    async def rotate_secret(self, endpoint_id: str) -> RotatedWebhookSecret:
        """Give an endpoint a fresh signing secret and show it this once.

        Args:
            endpoint_id: Webhook endpoint id.

        Returns:
            The :class:`RotatedWebhookSecret`.

        Raises:
            NotFoundError: unknown endpoint.
            OutcomeUnknownError: no response; rotate again; only the secret of the last answer is valid.

        Retries: only if the API certainly did not process the request.
        Documentation: Config, Rotate a webhook endpoint secret.
        """
        return await self._core.call(
            config_webhooks_rotate_secret.build(endpoint_id), config_webhooks_rotate_secret.parse
        )

    async def set_default(self, webhook_url: str) -> DefaultWebhook:
        """Set the one webhook of the legacy route.

        Creates or replaces the endpoint labelled default and answers with a new secret.

        Args:
            webhook_url: HTTPS address.

        Returns:
            The :class:`DefaultWebhook`.

        Raises:
            ValidationFailedError: missing address or plain HTTP.
            OutcomeUnknownError: no response; set it again; only the secret of the last answer is valid.

        Retries: only if the API certainly did not process the request.
        Documentation: Config, Set or update the legacy default webhook URL.
        """
        return await self._core.call(
            config_webhooks_set_default.build(body=ConfigWebhooksSetDefaultRequest(webhook_url=webhook_url)),
            config_webhooks_set_default.parse,
        )
