from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class Confirmation(Model):
    """Answer of an action that returns nothing but a text.

    Attributes:
        message (str): Confirmation text.
    """

    message: str
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("message", "message", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
