from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import (
    Identified,
    Load,
    Model,
    Unset,
)


@define(kw_only=True, repr=False)
class WebRTCSession(Identified, Model):
    """Payload of sessions.start_webrtc.

    Attributes:
        session_id (str): Session identifier.
        agent_id (str): Agent identifier.
        daily_room_url (str): Goes to the WebRTC client as url.
        daily_token (str): One-time access token, goes to the WebRTC client as token.
    """

    session_id: str
    agent_id: str
    daily_room_url: str
    daily_token: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("session_id", "session_id", None, None),
        ("agent_id", "agent_id", None, None),
        ("daily_room_url", "daily_room_url", None, None),
        ("daily_token", "daily_token", None, None),
    )

    _identifier: ClassVar[str] = "session_id"
