from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.background_audio import BackgroundAudio
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class BackgroundAudioList(Model):
    """Payload of background_audio.list.

    Attributes:
        assets (list[BackgroundAudio]): List key.
    """

    assets: list[BackgroundAudio]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("assets", "assets", load_list(load_model(BackgroundAudio)), None),
    )
