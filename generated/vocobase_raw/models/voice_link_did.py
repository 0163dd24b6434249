from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class VoiceLinkDid(Model):
    """Found at VoiceLinkDidList.data[].

    Attributes:
        id (int): Opaque identifier.
        did_id (int): VoiceLink number.
        did_number (str): Digits without plus sign.
        client_id (int): VoiceLink client.
        status (str): Current state.
    """

    id: int
    did_id: int
    did_number: str
    client_id: int
    status: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("did_id", "did_id", None, None),
        ("did_number", "did_number", None, None),
        ("client_id", "client_id", None, None),
        ("status", "status", None, None),
    )
