from __future__ import annotations

from typing import ClassVar

from attrs import define, field

from ..models.telephony_provider_state import TelephonyProviderState
from ..types import Load, Model, Unset, load_model


@define(kw_only=True, repr=False)
class TelephonyProviderStates(Model):
    """Map with one member per carrier; which carriers appear differs between guides."""

    additional_properties: dict[str, TelephonyProviderState] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = ()
    _values: ClassVar[Load | None] = load_model(TelephonyProviderState)

    def __getitem__(self, key: str) -> TelephonyProviderState:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
