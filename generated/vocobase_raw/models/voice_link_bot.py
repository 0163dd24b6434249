from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class VoiceLinkBot(Model):
    """Found at VoiceLinkBotList.data[].

    Attributes:
        id (int): Opaque identifier.
        bot_name (str): Name of the bot.
        client_id (int): VoiceLink client.
        websocket_url (str): WebSocket address of the bot.
        status (int): Current state.
    """

    id: int
    bot_name: str
    client_id: int
    websocket_url: str
    status: int
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("bot_name", "bot_name", None, None),
        ("client_id", "client_id", None, None),
        ("websocket_url", "websocket_url", None, None),
        ("status", "status", None, None),
    )
