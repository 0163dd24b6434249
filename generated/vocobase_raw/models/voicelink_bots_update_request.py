from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class VoicelinkBotsUpdateRequest(Model):
    """Request body of voicelink.bots.update.

    Attributes:
        bot_name (str): Name of the bot.
        websocket_url (str): Required here, optional on create, because the record is replaced.
        status (int): 1 active, 0 inactive.
        connection_id (str | Unset): Required when more than one VoiceLink connection is active;
            connectionId is accepted too for compatibility.
        webhook_url (str | Unset): Address that receives events.
    """

    bot_name: str
    websocket_url: str
    status: int
    connection_id: str | Unset = UNSET
    webhook_url: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("bot_name", "bot_name", None, None),
        ("websocket_url", "websocket_url", None, None),
        ("status", "status", None, None),
        ("connection_id", "connection_id", None, UNSET),
        ("webhook_url", "webhook_url", None, UNSET),
    )
