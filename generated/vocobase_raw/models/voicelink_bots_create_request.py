from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class VoicelinkBotsCreateRequest(Model):
    """Request body of voicelink.bots.create.

    Attributes:
        bot_name (str): Display name.
        client_id (int): Owner client. (minimum 1)
        connection_id (str | Unset): Required when more than one VoiceLink connection is active;
            connectionId is accepted too for compatibility.
        websocket_url (str | Unset): If omitted, the bot points at the Pipecat Cloud endpoint of Vocobase.
        webhook_url (str | Unset): Call-event webhook of VoiceLink.
        status (int | Unset): 1 active, 0 inactive. (default 1)
    """

    bot_name: str
    client_id: int
    connection_id: str | Unset = UNSET
    websocket_url: str | Unset = UNSET
    webhook_url: str | Unset = UNSET
    status: int | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("bot_name", "bot_name", None, None),
        ("client_id", "client_id", None, None),
        ("connection_id", "connection_id", None, UNSET),
        ("websocket_url", "websocket_url", None, UNSET),
        ("webhook_url", "webhook_url", None, UNSET),
        ("status", "status", None, UNSET),
    )
