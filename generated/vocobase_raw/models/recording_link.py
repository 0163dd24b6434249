from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class RecordingLink(Model):
    """Payload of calls.recording_url.

    Attributes:
        recording_url (str): Presigned download link, valid 7 days.
        call_id (None | str): Call identifier.
    """

    recording_url: str
    call_id: None | str
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("recording_url", "recording_url", None, None),
        ("call_id", "call_id", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
