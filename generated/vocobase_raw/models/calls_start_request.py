from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.json_object import JsonObject
from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class CallsStartRequest(Model):
    """Request body of calls.start.

    Attributes:
        agent_id (str): Agent that will talk.
        to_number (str): Number to dial. E.164. (pattern ^\\+[1-9]\\d{6,14}$)
        provider (str | Unset): Carrier; must be in allowed_telephony_providers of the partner and have
            credentials. The reference page lists mcube, twilio, exotel, plivo, vobiz and sip; guides add
            voicelink and tata_smartflo. Known values: mcube, twilio, exotel, plivo, vobiz, sip, voicelink,
            tata_smartflo. (default mcube)
        variables (JsonObject | Unset): Any JSON object.
        connection_id (str | Unset): Picks one named telephony connection when several active ones share
            the provider; not listed on the reference page of this operation.
    """

    agent_id: str
    to_number: str
    provider: str | Unset = UNSET
    variables: JsonObject | Unset = UNSET
    connection_id: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("agent_id", "agent_id", None, None),
        ("to_number", "to_number", None, None),
        ("provider", "provider", None, UNSET),
        ("variables", "variables", None, UNSET),
        ("connection_id", "connection_id", None, UNSET),
    )
