from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class VoiceLinkCredentials(Model):
    """Payload of config.telephony.set_voicelink.

    Attributes:
        username (str): User name.
        did_number (str): Number as VoiceLink writes it.
        message (str): Confirmation text.
    """

    username: str
    did_number: str
    message: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("username", "username", None, None),
        ("did_number", "did_number", None, None),
        ("message", "message", None, None),
    )
