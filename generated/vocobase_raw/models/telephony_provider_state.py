from __future__ import annotations

from typing import ClassVar

from attrs import define

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
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("configured", "configured", None, None),
        ("from_number", "from_number", None, None),
    )
