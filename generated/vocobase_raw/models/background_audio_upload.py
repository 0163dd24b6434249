from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class BackgroundAudioUpload(Model):
    """Payload of background_audio.create_upload.

    Attributes:
        id (str): Id of the new asset, used by finalize.
        upload_url (str): Presigned URL for the PUT; valid 15 minutes.
    """

    id: str
    upload_url: str
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("upload_url", "upload_url", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
