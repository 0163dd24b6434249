from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class VoicelinkClientsCreateRequest(Model):
    """Request body of voicelink.clients.create.

    Attributes:
        first_name (str): First name.
        last_name (str): Last name.
        username (str): User name.
        email (str): E-mail address.
        password (str): Password.
        channel_count (int): Number of simultaneous channels. (minimum 1)
        connection_id (str | Unset): Required when more than one VoiceLink connection is active.
        phone (str | Unset): Phone number.
        is_active (int | Unset): 1 active, 0 inactive.
        negative_threshold (float | Unset): Lowest balance that is allowed.
        pulse_seconds (int | Unset): Billing pulse in seconds.
        inbound_rate (float | Unset): Rate of inbound calls.
        outbound_rate (float | Unset): Rate of outbound calls.
        plan_type (str | Unset): Plan.
    """

    first_name: str
    last_name: str
    username: str
    email: str
    password: str
    channel_count: int
    connection_id: str | Unset = UNSET
    phone: str | Unset = UNSET
    is_active: int | Unset = UNSET
    negative_threshold: float | Unset = UNSET
    pulse_seconds: int | Unset = UNSET
    inbound_rate: float | Unset = UNSET
    outbound_rate: float | Unset = UNSET
    plan_type: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("first_name", "first_name", None, None),
        ("last_name", "last_name", None, None),
        ("username", "username", None, None),
        ("email", "email", None, None),
        ("password", "password", None, None),
        ("channel_count", "channel_count", None, None),
        ("connection_id", "connection_id", None, UNSET),
        ("phone", "phone", None, UNSET),
        ("is_active", "is_active", None, UNSET),
        ("negative_threshold", "negative_threshold", None, UNSET),
        ("pulse_seconds", "pulse_seconds", None, UNSET),
        ("inbound_rate", "inbound_rate", None, UNSET),
        ("outbound_rate", "outbound_rate", None, UNSET),
        ("plan_type", "plan_type", None, UNSET),
    )
