from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset, load_date


@define(kw_only=True, repr=False)
class VoicelinkDidsMapRequest(Model):
    """Request body of voicelink.dids.map.

    Attributes:
        client_id (int): VoiceLink client.
        did_id (int): VoiceLink number.
        call_recording (int): 1 records calls, 0 does not.
        connection_id (str | Unset): Required when more than one VoiceLink connection is active.
        user_status (int | Unset): 2 assigned or active, 4 inactive; VoiceLink rejects other values.
        user_expiry_date (datetime.date | Unset): Last day of the assignment.
        description (str | Unset): Free text.
        client_auto_renew (int | Unset): 1 renews automatically, 0 does not.
    """

    client_id: int
    did_id: int
    call_recording: int
    connection_id: str | Unset = UNSET
    user_status: int | Unset = UNSET
    user_expiry_date: datetime.date | Unset = UNSET
    description: str | Unset = UNSET
    client_auto_renew: int | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("client_id", "client_id", None, None),
        ("did_id", "did_id", None, None),
        ("call_recording", "call_recording", None, None),
        ("connection_id", "connection_id", None, UNSET),
        ("user_status", "user_status", None, UNSET),
        ("user_expiry_date", "user_expiry_date", load_date, UNSET),
        ("description", "description", None, UNSET),
        ("client_auto_renew", "client_auto_renew", None, UNSET),
    )
