from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.voice import Voice
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class VoiceList(Model):
    """Payload of voices.list.

    Attributes:
        voices (list[Voice]): List key.
    """

    voices: list[Voice]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("voices", "voices", load_list(load_model(Voice)), None),
    )
