from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.phone_number_status import PhoneNumberStatus
from ..types import Load, Model, Unset, load_enum


@define(kw_only=True, repr=False)
class ConnectionPhoneNumber(Model):
    """Found at TelephonyConnection.phone_numbers[].

    Attributes:
        id (str): Opaque identifier.
        phone_number (str): Number in E.164.
        friendly_name (None | str): Label of the number.
        status (PhoneNumberStatus):
    """

    id: str
    phone_number: str
    friendly_name: None | str
    status: PhoneNumberStatus
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("phone_number", "phone_number", None, None),
        ("friendly_name", "friendly_name", None, None),
        ("status", "status", load_enum(PhoneNumberStatus), None),
    )
