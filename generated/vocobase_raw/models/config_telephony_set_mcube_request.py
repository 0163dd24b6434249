from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class ConfigTelephonySetMcubeRequest(Model):
    """Request body of config.telephony.set_mcube.

    Attributes:
        jwt_token (str): MCube JWT; name from telephony_connections.create.
        exe_number (str): MCube line used for outbound; national format allowed; name and pattern from
            telephony_connections.create. (pattern ^\\+?\\d{4,15}$)
    """

    jwt_token: str
    exe_number: str
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("jwt_token", "jwt_token", None, None),
        ("exe_number", "exe_number", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
