from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.call_status import CallStatus
from ..models.telephony_provider import TelephonyProvider
from ..types import (
    Identified,
    Load,
    Model,
    Unset,
    load_enum,
)


@define(kw_only=True, repr=False)
class StartedCall(Identified, Model):
    """Payload of calls.start.

    Attributes:
        call_id (str): Call identifier.
        session_id (str): Session of the call, readable with sessions.get.
        status (CallStatus):
        provider (TelephonyProvider):
        from_number (str): Caller id that the server chose. E.164.
        to_number (str): Called number. E.164.
        agent_id (str): Agent identifier.
    """

    call_id: str
    session_id: str
    status: CallStatus
    provider: TelephonyProvider
    from_number: str
    to_number: str
    agent_id: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("call_id", "call_id", None, None),
        ("session_id", "session_id", None, None),
        ("status", "status", load_enum(CallStatus), None),
        ("provider", "provider", load_enum(TelephonyProvider), None),
        ("from_number", "from_number", None, None),
        ("to_number", "to_number", None, None),
        ("agent_id", "agent_id", None, None),
    )

    _identifier: ClassVar[str] = "call_id"
