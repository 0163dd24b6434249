from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class McubeCredentials(Model):
    """Payload of config.telephony.set_mcube.

    Attributes:
        exe_number (str): MCube line used for outbound calls.
        message (str): Confirmation text.
    """

    exe_number: str
    message: str
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("exe_number", "exe_number", None, None),
        ("message", "message", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
