from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.voice_tier import VoiceTier
from ..types import Load, Model, Unset, load_enum


@define(kw_only=True, repr=False)
class Voice(Model):
    """Found at VoiceList.voices[].

    Attributes:
        id (str): Pass it as voice_id.
        tier (VoiceTier):
        name (str): Display name.
        language (str): Language code.
        gender (str): Gender of the voice.
    """

    id: str
    tier: VoiceTier
    name: str
    language: str
    gender: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("tier", "tier", load_enum(VoiceTier), None),
        ("name", "name", None, None),
        ("language", "language", None, None),
        ("gender", "gender", None, None),
    )
