from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.telephony_connection import TelephonyConnection
from ..types import Load, Model, Unset, load_model


@define(kw_only=True, repr=False)
class CreatedTelephonyConnection(Model):
    """Payload of telephony_connections.create.

    Attributes:
        connection (TelephonyConnection): One level deeper than in the config routes.
    """

    connection: TelephonyConnection
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("connection", "connection", load_model(TelephonyConnection), None),
    )
