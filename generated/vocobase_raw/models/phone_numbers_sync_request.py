from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class PhoneNumbersSyncRequest(Model):
    """Request body of phone_numbers.sync.

    Attributes:
        provider (str): Carrier to import from. Known values: plivo, vobiz.
        numbers (list[str] | Unset): Vobiz only and then required: the numbers to import, in E.164 (item
            type inferred, objects are possible); the name is numbers, not phone_numbers.
        connection_id (str | Unset): Which connection, when several active ones share the provider;
            whether body or query is not documented.
    """

    provider: str
    numbers: list[str] | Unset = UNSET
    connection_id: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("provider", "provider", None, None),
        ("numbers", "numbers", None, UNSET),
        ("connection_id", "connection_id", None, UNSET),
    )
