from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class BackgroundAudioCreateUploadRequest(Model):
    """Request body of background_audio.create_upload.

    Attributes:
        slug (str): Stable identifier chosen by the caller; unique over all assets. (pattern
            ^[a-z0-9][a-z0-9_-]{1,63}$)
        label (str): Display name. (minLength 1, maxLength 80)
        mime_type (str): Only WAV is accepted in this version; required although the documented sample
            body leaves it out. Known values: audio/wav.
        size_bytes (int): Byte size of the file to come (5 MiB at most) (minimum 1, maximum 5242880)
    """

    slug: str
    label: str
    mime_type: str
    size_bytes: int
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("slug", "slug", None, None),
        ("label", "label", None, None),
        ("mime_type", "mime_type", None, None),
        ("size_bytes", "size_bytes", None, None),
    )
