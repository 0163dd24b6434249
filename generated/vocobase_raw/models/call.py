from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..models.call_direction import CallDirection
from ..models.call_disposition import CallDisposition
from ..models.call_status import CallStatus
from ..models.telephony_provider import TelephonyProvider
from ..types import (
    Identified,
    Load,
    Model,
    Unset,
    load_datetime,
    load_enum,
)


@define(kw_only=True, repr=False)
class Call(Identified, Model):
    """Found at CallList.calls[].

    Attributes:
        call_id (str): Call identifier.
        agent_id (str): Agent identifier.
        session_id (str): Session identifier.
        direction (CallDirection):
        from_number (str): Calling number.
        to_number (str): Called number.
        status (CallStatus):
        provider (TelephonyProvider):
        duration_seconds (int | None): Length in seconds.
        error_message (None | str): Likely null unless the call failed.
        started_at (datetime.datetime | None): Start time.
        ended_at (datetime.datetime | None): Likely null while the call is live.
        created_at (datetime.datetime): Time of creation.
        disposition (CallDisposition | None): Final outcome on each call; values from the webhook
            documentation.
    """

    call_id: str
    agent_id: str
    session_id: str
    direction: CallDirection
    from_number: str
    to_number: str
    status: CallStatus
    provider: TelephonyProvider
    duration_seconds: int | None
    error_message: None | str
    started_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    created_at: datetime.datetime
    disposition: CallDisposition | None
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("call_id", "call_id", None, None),
        ("agent_id", "agent_id", None, None),
        ("session_id", "session_id", None, None),
        ("direction", "direction", load_enum(CallDirection), None),
        ("from_number", "from_number", None, None),
        ("to_number", "to_number", None, None),
        ("status", "status", load_enum(CallStatus), None),
        ("provider", "provider", load_enum(TelephonyProvider), None),
        ("duration_seconds", "duration_seconds", None, None),
        ("error_message", "error_message", None, None),
        ("started_at", "started_at", load_datetime, None),
        ("ended_at", "ended_at", load_datetime, None),
        ("created_at", "created_at", load_datetime, None),
        ("disposition", "disposition", load_enum(CallDisposition), None),
    )

    _identifier: ClassVar[str] = "call_id"
