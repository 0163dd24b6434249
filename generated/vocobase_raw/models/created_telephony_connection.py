from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..models.telephony_connection import TelephonyConnection
from ..types import Load, Model, Unset, load_model


@define(kw_only=True, repr=False)
class CreatedTelephonyConnection(Model):
    """Payload of telephony_connections.create.

    Attributes:
        connection (TelephonyConnection): One level deeper than in the config routes.
    """

    connection: TelephonyConnection
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("connection", "connection", load_model(TelephonyConnection), None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
