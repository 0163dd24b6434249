from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

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
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("username", "username", None, None),
        ("did_number", "did_number", None, None),
        ("message", "message", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
