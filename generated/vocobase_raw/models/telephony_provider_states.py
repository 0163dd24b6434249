from __future__ import annotations

from typing import ClassVar, cast

from attrs import define

from ..models.telephony_provider_state import TelephonyProviderState
from ..types import Load, Model, Unset, load_model


@define(kw_only=True, repr=False)
class TelephonyProviderStates(Model):
    """Map with one member per carrier; which carriers appear differs between guides."""

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = ()
    _values: ClassVar[Load | None] = load_model(TelephonyProviderState)

    def __getitem__(self, key: str) -> TelephonyProviderState:
        """Return the value of a key."""
        return cast(TelephonyProviderState, self.additional_properties[key])
