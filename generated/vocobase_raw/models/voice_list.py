from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..models.voice import Voice
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class VoiceList(Model):
    """Payload of voices.list.

    Attributes:
        voices (list[Voice]): List key.
    """

    voices: list[Voice]
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("voices", "voices", load_list(load_model(Voice)), None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
