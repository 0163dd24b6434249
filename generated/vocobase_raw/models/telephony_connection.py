from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.connection_phone_number import ConnectionPhoneNumber
from ..models.telephony_connection_status import TelephonyConnectionStatus
from ..models.telephony_provider import TelephonyProvider
from ..types import Load, Model, Unset, load_enum, load_list, load_model


@define(kw_only=True, repr=False)
class TelephonyConnection(Model):
    """One level deeper than in the config routes.

    Attributes:
        id (str): Same value as connection_id.
        connection_id (str): The id to keep and to pass on.
        provider (TelephonyProvider):
        provider_key (str): Upper-case form of provider.
        name (str): Name shown to people.
        status (TelephonyConnectionStatus):
        is_default (bool): Whether it is the default of its kind.
        phone_numbers (list[ConnectionPhoneNumber]): Numbers.
    """

    id: str
    connection_id: str
    provider: TelephonyProvider
    provider_key: str
    name: str
    status: TelephonyConnectionStatus
    is_default: bool
    phone_numbers: list[ConnectionPhoneNumber]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("connection_id", "connection_id", None, None),
        ("provider", "provider", load_enum(TelephonyProvider), None),
        ("provider_key", "provider_key", None, None),
        ("name", "name", None, None),
        ("status", "status", load_enum(TelephonyConnectionStatus), None),
        ("is_default", "is_default", None, None),
        ("phone_numbers", "phone_numbers", load_list(load_model(ConnectionPhoneNumber)), None),
    )
