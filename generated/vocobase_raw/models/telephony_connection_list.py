from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.telephony_connection import TelephonyConnection
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class TelephonyConnectionList(Model):
    """Payload of telephony_connections.list.

    Attributes:
        connections (list[TelephonyConnection]): List key.
    """

    connections: list[TelephonyConnection]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("connections", "connections", load_list(load_model(TelephonyConnection)), None),
    )
