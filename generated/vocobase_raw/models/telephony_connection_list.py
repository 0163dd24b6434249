from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..models.telephony_connection import TelephonyConnection
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class TelephonyConnectionList(Model):
    """Payload of telephony_connections.list.

    Attributes:
        connections (list[TelephonyConnection]): List key.
    """

    connections: list[TelephonyConnection]
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("connections", "connections", load_list(load_model(TelephonyConnection)), None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
