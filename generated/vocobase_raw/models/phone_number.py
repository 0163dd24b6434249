from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.phone_number_agent import PhoneNumberAgent
from ..models.phone_number_provider import PhoneNumberProvider
from ..models.phone_number_status import PhoneNumberStatus
from ..types import Load, Model, Unset, load_enum, load_model


@define(kw_only=True, repr=False)
class PhoneNumber(Model):
    """Payload of phone_numbers.update.

    Attributes:
        id (str): Opaque identifier.
        phone_number (str): Number in E.164.
        provider (PhoneNumberProvider):
        friendly_name (None | str): Label of the number.
        status (PhoneNumberStatus):
        is_default (bool): Default from-number of its connection.
        agent (None | PhoneNumberAgent): Bound agent; likely null when unbound.
    """

    id: str
    phone_number: str
    provider: PhoneNumberProvider
    friendly_name: None | str
    status: PhoneNumberStatus
    is_default: bool
    agent: None | PhoneNumberAgent
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("phone_number", "phone_number", None, None),
        ("provider", "provider", load_enum(PhoneNumberProvider), None),
        ("friendly_name", "friendly_name", None, None),
        ("status", "status", load_enum(PhoneNumberStatus), None),
        ("is_default", "is_default", None, None),
        ("agent", "agent", load_model(PhoneNumberAgent), None),
    )
