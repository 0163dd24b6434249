# Derived from vocobase/_resources/aio/voicelink_clients.py by scripts/derive_sync.py; edit that instead.
"""Clients of a VoiceLink account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vocobase._base.values import OMIT, Omit
from vocobase._policy.pages import Page
from vocobase._resources.sync.resource import Resource
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import VoiceLinkClient


class VoiceLinkClients(Resource):
    """Clients of a VoiceLink account."""

    def list(
        self,
        *,
        connection_id: str | Omit = OMIT,
        status: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        page: int | Omit = OMIT,
    ) -> Page[VoiceLinkClient]:
        """Return the clients of a VoiceLink connection.

        Args:
            connection_id: Required when more than one VoiceLink connection is active.
            status: Only clients in this status.
            per_page: Page size (at least 1).
            page: Page number (at least 1).

        Returns:
            A page of ``VoiceLinkClient``.

        Retries: automatic.
        Documentation: VoiceLink Management, List VoiceLink clients.
        """
        return self._core.page(
            api.voicelink_clients.list_.build(
                connection_id=connection_id, status=status, per_page=per_page, page=page
            ),
            "data",
            models.VoiceLinkClient.from_dict,
        )

    def create(
        self,
        first_name: str,
        last_name: str,
        *,
        username: str,
        email: str,
        password: str,
        channel_count: int,
        connection_id: str | Omit = OMIT,
        phone: str | Omit = OMIT,
        is_active: int | Omit = OMIT,
        negative_threshold: float | Omit = OMIT,
        pulse_seconds: int | Omit = OMIT,
        inbound_rate: float | Omit = OMIT,
        outbound_rate: float | Omit = OMIT,
        plan_type: str | Omit = OMIT,
    ) -> Any:
        """Create a client in VoiceLink.

        Args:
            first_name: First name.
            last_name: Last name.
            username: User name.
            email: E-mail address.
            password: Password.
            channel_count: Number of channels that can be used at the same time (at least 1).
            connection_id: Required when more than one VoiceLink connection is active.
            phone: Phone number.
            is_active: 1 active, 0 inactive (one of 0, 1).
            negative_threshold: Lowest allowed balance.
            pulse_seconds: Billing pulse in seconds.
            inbound_rate: Rate of inbound calls.
            outbound_rate: Rate of outbound calls.
            plan_type: Plan.

        Returns:
            The data of the response; its members are not documented.

        Raises:
            OutcomeUnknownError: no response; check with ``voicelink.clients.list`` before you create it
                again.

        Retries: only if the API certainly did not process the request.
        Documentation: VoiceLink Management, Create a VoiceLink client.
        """
        return self._core.call(
            api.voicelink_clients.create.build(
                body=models.VoicelinkClientsCreateRequest(
                    first_name=first_name,
                    last_name=last_name,
                    username=username,
                    email=email,
                    password=password,
                    channel_count=channel_count,
                    connection_id=connection_id,
                    phone=phone,
                    is_active=is_active,
                    negative_threshold=negative_threshold,
                    pulse_seconds=pulse_seconds,
                    inbound_rate=inbound_rate,
                    outbound_rate=outbound_rate,
                    plan_type=plan_type,
                )
            ),
            api.voicelink_clients.create.parse,
        )

    def update(
        self,
        client_id: int,
        *,
        connection_id: str | Omit = OMIT,
        first_name: str | Omit = OMIT,
        last_name: str | Omit = OMIT,
        username: str | Omit = OMIT,
        email: str | Omit = OMIT,
        password: str | Omit = OMIT,
        channel_count: int | Omit = OMIT,
        phone: str | Omit = OMIT,
        is_active: int | Omit = OMIT,
        negative_threshold: float | Omit = OMIT,
        pulse_seconds: int | Omit = OMIT,
        inbound_rate: float | Omit = OMIT,
        outbound_rate: float | Omit = OMIT,
        plan_type: str | Omit = OMIT,
    ) -> Any:
        """Change a client in VoiceLink; fields that you do not pass stay as they are.

        Args:
            client_id: VoiceLink client id.
            connection_id: Required when more than one VoiceLink connection is active.
            first_name: First name.
            last_name: Last name.
            username: User name.
            email: E-mail address.
            password: Password.
            channel_count: Number of channels that can be used at the same time (at least 1).
            phone: Phone number.
            is_active: 1 active, 0 inactive (one of 0, 1).
            negative_threshold: Lowest allowed balance.
            pulse_seconds: Billing pulse in seconds.
            inbound_rate: Rate of inbound calls.
            outbound_rate: Rate of outbound calls.
            plan_type: Plan.

        Returns:
            The data of the response; its members are not documented.

        Raises:
            OutcomeUnknownError: no response; check with ``voicelink.clients.list`` before you retry.

        Retries: only if the API certainly did not process the request.
        Documentation: VoiceLink Management, Update a VoiceLink client.
        """
        return self._core.call(
            api.voicelink_clients.update.build(
                client_id,
                body=models.VoicelinkClientsUpdateRequest(
                    connection_id=connection_id,
                    first_name=first_name,
                    last_name=last_name,
                    username=username,
                    email=email,
                    password=password,
                    channel_count=channel_count,
                    phone=phone,
                    is_active=is_active,
                    negative_threshold=negative_threshold,
                    pulse_seconds=pulse_seconds,
                    inbound_rate=inbound_rate,
                    outbound_rate=outbound_rate,
                    plan_type=plan_type,
                ),
            ),
            api.voicelink_clients.update.parse,
        )
