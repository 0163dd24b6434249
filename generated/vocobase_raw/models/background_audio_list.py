from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..models.background_audio import BackgroundAudio
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class BackgroundAudioList(Model):
    """Payload of background_audio.list.

    Attributes:
        assets (list[BackgroundAudio]): List key.
    """

    assets: list[BackgroundAudio]
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("assets", "assets", load_list(load_model(BackgroundAudio)), None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
