from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class PhoneNumbersReapplyBindingsRequest(Model):
    """Request body of phone_numbers.reapply_bindings.

    Attributes:
        provider (str): Carrier whose numbers are re-bound. Known values: plivo, vobiz.
    """

    provider: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("provider", "provider", None, None),
    )
