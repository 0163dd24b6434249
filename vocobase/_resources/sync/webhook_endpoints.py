# Derived from vocobase/_resources/aio/webhook_endpoints.py by scripts/derive_sync.py; edit that instead.
"""Webhook endpoints, to which events are sent; at most 5."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vocobase._base.errors import ConflictError
from vocobase._base.secrets import reveal
from vocobase._base.values import OMIT, Omit
from vocobase._policy.limits import check_members
from vocobase._policy.pages import Page
from vocobase._resources.ensured import EnsuredWebhookEndpoint
from vocobase._resources.sync.resource import Resource
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import (
        Confirmation,
        CreatedWebhookEndpoint,
        DefaultWebhook,
        RotatedWebhookSecret,
        WebhookEndpoint,
    )


class WebhookEndpoints(Resource):
    """Webhook endpoints, to which events are sent; at most 5."""

    def create(self, label: str, url: str, *, enabled: bool | Omit = OMIT) -> CreatedWebhookEndpoint:
        """Create an endpoint and return it with its signing secret, which is shown only once.

        Args:
            label: Name of the endpoint: lower-case letters, digits, hyphens; ``default`` is reserved for the
                legacy route (1 to 31 characters; pattern ``^[a-z0-9][a-z0-9-]{0,30}$``).
            url: HTTPS address.
            enabled: Whether new events are sent to it (default true).

        Returns:
            The ``CreatedWebhookEndpoint``.

        Raises:
            ValidationFailedError: invalid label, plain HTTP address, or a missing value; the codes for a
                reserved or duplicate label and for a sixth endpoint are not documented.
            ConflictError: the label is taken; plausible, not documented for this operation.
            OutcomeUnknownError: no response; check with ``config.webhooks.list``. If the endpoint exists,
                rotate its secret.

        Retries: only if the API certainly did not process the request.
        Documentation: Config, Create a webhook endpoint.
        """
        return self._core.call(
            api.config_webhooks.create.build(
                body=models.ConfigWebhooksCreateRequest(label=label, url=url, enabled=enabled)
            ),
            api.config_webhooks.create.parse,
        )

    def list(self) -> Page[WebhookEndpoint]:
        """Return all webhook endpoints of the partner.

        Returns:
            A page of ``WebhookEndpoint``.

        Retries: automatic.
        Documentation: Config, List webhook endpoints.
        """
        return self._core.page(
            api.config_webhooks.list_.build(), "webhooks", models.WebhookEndpoint.from_dict
        )

    def iter(self) -> Iterator[WebhookEndpoint]:
        """Iterate over all webhook endpoints; the API returns them in one response.

        Returns:
            An iterator of ``WebhookEndpoint``.

        Retries: automatic.
        Documentation: Config, List webhook endpoints.
        """
        for endpoint in self.list():
            yield endpoint

    def ensure(self, label: str, url: str) -> EnsuredWebhookEndpoint:
        """Create the endpoint with this label, or set the address of the existing one and enable it.

        Only a new endpoint has its ``secret``. Use ``rotate_secret`` to get a new secret for an existing one.

        Args:
            label: Name of the endpoint (pattern ``^[a-z0-9][a-z0-9-]{0,30}$``).
            url: HTTPS address.

        Returns:
            The endpoint as it is now; its ``change`` is ``created``, ``changed`` or ``unchanged``.

        Raises:
            InvalidArgumentError: invalid label; nothing was sent.
            ValidationFailedError: invalid address, or there are already 5 endpoints.

        Retries: automatic; after an error, call it again: the result is the same.
        Documentation: Config, Create a webhook endpoint and Update a webhook endpoint.
        """
        wanted = {"label": label, "url": url}
        check_members("config.webhooks.ensure", wanted, limits_of="config.webhooks.create")
        found = next((endpoint for endpoint in self.list() if endpoint.label == label), None)
        if found is None:
            try:
                made = self.create(label, url)
            except ConflictError:
                # Another process was faster. An unknown outcome is raised, because the secret is lost with
                # it.
                found = next((endpoint for endpoint in self.list() if endpoint.label == label), None)
                if found is None:
                    raise
            else:
                return EnsuredWebhookEndpoint.of(made, "created")
        if found.url == reveal(url) and found.enabled:
            return EnsuredWebhookEndpoint.of(found, "unchanged")
        updated = self.update(found.id, url=url, enabled=True)
        return EnsuredWebhookEndpoint.of(updated, "changed")

    def update(
        self,
        endpoint_id: str,
        *,
        label: str | Omit = OMIT,
        url: str | Omit = OMIT,
        enabled: bool | Omit = OMIT,
    ) -> WebhookEndpoint:
        """Change the label, the address or the enabled state of an endpoint.

        Args:
            endpoint_id: Webhook endpoint id.
            label: New name of the endpoint (1 to 31 characters; pattern ``^[a-z0-9][a-z0-9-]{0,30}$``).
            url: HTTPS address.
            enabled: Whether new events are sent to it.

        Returns:
            The ``WebhookEndpoint``.

        Raises:
            NotFoundError: unknown endpoint.

        Retries: automatic.
        Documentation: Config, Update a webhook endpoint.
        """
        return self._core.call(
            api.config_webhooks.update.build(
                endpoint_id, body=models.ConfigWebhooksUpdateRequest(label=label, url=url, enabled=enabled)
            ),
            api.config_webhooks.update.parse,
        )

    def delete(self, endpoint_id: str) -> Confirmation:
        """Delete an endpoint.

        Args:
            endpoint_id: Webhook endpoint id.

        Returns:
            The ``Confirmation``.

        Raises:
            NotFoundError: unknown endpoint.

        Retries: automatic.
        Documentation: Config, Delete a webhook endpoint.
        """
        return self._core.call(
            api.config_webhooks.delete.build(endpoint_id), api.config_webhooks.delete.parse
        )

    def rotate_secret(self, endpoint_id: str) -> RotatedWebhookSecret:
        """Replace the signing secret of an endpoint and return the new one, which is shown only once.

        Args:
            endpoint_id: Webhook endpoint id.

        Returns:
            The ``RotatedWebhookSecret``.

        Raises:
            NotFoundError: unknown endpoint.
            OutcomeUnknownError: no response; rotate again. Only the secret of the last response is valid.

        Retries: only if the API certainly did not process the request.
        Documentation: Config, Rotate a webhook endpoint secret.
        """
        return self._core.call(
            api.config_webhooks.rotate_secret.build(endpoint_id), api.config_webhooks.rotate_secret.parse
        )

    def set_default(self, webhook_url: str) -> DefaultWebhook:
        """Set the single webhook of the legacy route.

        Creates or replaces the endpoint with the label ``default`` and returns a new secret.

        Args:
            webhook_url: HTTPS address.

        Returns:
            The ``DefaultWebhook``.

        Raises:
            ValidationFailedError: the address is missing or plain HTTP.
            OutcomeUnknownError: no response; set it again. Only the secret of the last response is valid.

        Retries: only if the API certainly did not process the request.
        Documentation: Config, Set or update the legacy default webhook URL.
        """
        return self._core.call(
            api.config_webhooks.set_default.build(
                body=models.ConfigWebhooksSetDefaultRequest(webhook_url=webhook_url)
            ),
            api.config_webhooks.set_default.parse,
        )
