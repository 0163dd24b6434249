from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class ConfigUpdateDisplayNameRequest(Model):
    """Request body of config.update_display_name.

    Attributes:
        display_name (str): New display name.
    """

    display_name: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("display_name", "display_name", None, None),
    )
