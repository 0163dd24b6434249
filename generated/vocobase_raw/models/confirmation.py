from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class Confirmation(Model):
    """Response of an action that returns only a text.

    Attributes:
        message (str): Confirmation text.
    """

    message: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("message", "message", None, None),
    )
