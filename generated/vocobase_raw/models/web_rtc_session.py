from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class WebRTCSession(Model):
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
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("session_id", "session_id", None, None),
        ("agent_id", "agent_id", None, None),
        ("daily_room_url", "daily_room_url", None, None),
        ("daily_token", "daily_token", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
