from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class VoicelinkClientsUpdateRequest(Model):
    """Request body of voicelink.clients.update.

    Attributes:
        connection_id (str | Unset): Required when more than one VoiceLink connection is active.
        first_name (str | Unset): First name.
        last_name (str | Unset): Last name.
        username (str | Unset): User name.
        email (str | Unset): E-mail address.
        password (str | Unset): Password.
        channel_count (int | Unset): Number of simultaneous channels. (minimum 1)
        phone (str | Unset): Phone number.
        is_active (int | Unset): 1 active, 0 inactive.
        negative_threshold (float | Unset): Lowest balance that is allowed.
        pulse_seconds (int | Unset): Billing pulse in seconds.
        inbound_rate (float | Unset): Rate of inbound calls.
        outbound_rate (float | Unset): Rate of outbound calls.
        plan_type (str | Unset): Plan.
    """

    connection_id: str | Unset = UNSET
    first_name: str | Unset = UNSET
    last_name: str | Unset = UNSET
    username: str | Unset = UNSET
    email: str | Unset = UNSET
    password: str | Unset = UNSET
    channel_count: int | Unset = UNSET
    phone: str | Unset = UNSET
    is_active: int | Unset = UNSET
    negative_threshold: float | Unset = UNSET
    pulse_seconds: int | Unset = UNSET
    inbound_rate: float | Unset = UNSET
    outbound_rate: float | Unset = UNSET
    plan_type: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("connection_id", "connection_id", None, UNSET),
        ("first_name", "first_name", None, UNSET),
        ("last_name", "last_name", None, UNSET),
        ("username", "username", None, UNSET),
        ("email", "email", None, UNSET),
        ("password", "password", None, UNSET),
        ("channel_count", "channel_count", None, UNSET),
        ("phone", "phone", None, UNSET),
        ("is_active", "is_active", None, UNSET),
        ("negative_threshold", "negative_threshold", None, UNSET),
        ("pulse_seconds", "pulse_seconds", None, UNSET),
        ("inbound_rate", "inbound_rate", None, UNSET),
        ("outbound_rate", "outbound_rate", None, UNSET),
        ("plan_type", "plan_type", None, UNSET),
    )
