from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class VoicelinkDidsMakeCallReadyRequest(Model):
    """Request body of voicelink.dids.make_call_ready.

    Attributes:
        did_id (int | Unset): One of did_id and did_number is required; id from list_purchased.
        did_number (str | Unset): One of did_id and did_number is required.
        connection_id (str | Unset): Required when more than one VoiceLink connection is active.
        client_id (int | Unset): Maps the number to this client, but only while it is unmapped; such a
            mapping is created with call_recording 0. (minimum 1)
        agent_id (str | Unset): Agent for the imported local number; ownership is checked.
        bot_name (str | Unset): Name of the bot, if one has to be created.
    """

    did_id: int | Unset = UNSET
    did_number: str | Unset = UNSET
    connection_id: str | Unset = UNSET
    client_id: int | Unset = UNSET
    agent_id: str | Unset = UNSET
    bot_name: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("did_id", "did_id", None, UNSET),
        ("did_number", "did_number", None, UNSET),
        ("connection_id", "connection_id", None, UNSET),
        ("client_id", "client_id", None, UNSET),
        ("agent_id", "agent_id", None, UNSET),
        ("bot_name", "bot_name", None, UNSET),
    )
