from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.json_object import JsonObject
from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class VoiceLinkRemoteDid(Model):
    """The number as VoiceLink has it.

    Attributes:
        id (int): Present in call-ready, absent in one sync sample.
        did_id (int): VoiceLink number.
        did_number (str): Digits without plus sign.
        phone_number (str): Number in E.164.
        client_id (int): VoiceLink client.
        status (str): Present in call-ready, absent in one sync sample.
        is_expired (bool): Whether the number has expired.
        raw (JsonObject): Any JSON object.
    """

    id: int
    did_id: int
    did_number: str
    phone_number: str
    client_id: int
    status: str
    is_expired: bool
    raw: JsonObject
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("did_id", "did_id", None, None),
        ("did_number", "did_number", None, None),
        ("phone_number", "phone_number", None, None),
        ("client_id", "client_id", None, None),
        ("status", "status", None, None),
        ("is_expired", "is_expired", None, None),
        ("raw", "raw", None, None),
    )
