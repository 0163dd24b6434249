from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class PartnerDisplayName(Model):
    """Payload of config.update_display_name.

    Attributes:
        display_name (str): Display name.
        message (str): Confirmation text.
    """

    display_name: str
    message: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("display_name", "display_name", None, None),
        ("message", "message", None, None),
    )
