from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.phone_number import PhoneNumber
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class PhoneNumberList(Model):
    """Payload of phone_numbers.list, phone_numbers.sync.

    Attributes:
        phone_numbers (list[PhoneNumber]): List key.
        total (int | None): May be absent.
    """

    phone_numbers: list[PhoneNumber]
    total: int | None
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("phone_numbers", "phone_numbers", load_list(load_model(PhoneNumber)), None),
        ("total", "total", None, None),
    )
