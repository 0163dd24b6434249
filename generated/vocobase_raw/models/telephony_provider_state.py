from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class TelephonyProviderState(Model):
    """Found at TelephonyProviderStates.*.

    Attributes:
        configured (bool): Credentials are saved.
        from_number (None | str): Default caller id; null when not set, absent in one guide.
    """

    configured: bool
    from_number: None | str
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("configured", "configured", None, None),
        ("from_number", "from_number", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
