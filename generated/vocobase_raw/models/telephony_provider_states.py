from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.telephony_provider_state import TelephonyProviderState
from ..types import Load, MapModel, Unset, load_model


@define(kw_only=True, repr=False)
class TelephonyProviderStates(MapModel[TelephonyProviderState]):
    """Map with one member per carrier; which carriers appear differs between guides."""

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = ()
    _values: ClassVar[Load | None] = load_model(TelephonyProviderState)
