from __future__ import annotations

from typing import ClassVar

from attrs import define

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
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("upload_url", "upload_url", None, None),
    )
