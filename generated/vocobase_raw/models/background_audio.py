from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..models.background_audio_status import BackgroundAudioStatus
from ..types import Load, Model, Unset, load_datetime, load_enum


@define(kw_only=True, repr=False)
class BackgroundAudio(Model):
    """Payload of background_audio.finalize.

    Attributes:
        id (str): Asset id.
        slug (str): Identifier chosen at upload.
        label (str): Display name.
        status (BackgroundAudioStatus):
        duration_secs (float | None): Detected length in seconds; whole or fractional not documented.
        sample_rate (float | None): Detected sample rate; whole number expected.
        channels (int | None): Detected channel count; missing from the documented response sample.
        preview_url (None | str): URL for listening to the asset.
        is_platform (bool): True for platform-curated assets, false for own uploads.
        created_at (datetime.datetime): Time of creation.
    """

    id: str
    slug: str
    label: str
    status: BackgroundAudioStatus
    duration_secs: float | None
    sample_rate: float | None
    channels: int | None
    preview_url: None | str
    is_platform: bool
    created_at: datetime.datetime
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("slug", "slug", None, None),
        ("label", "label", None, None),
        ("status", "status", load_enum(BackgroundAudioStatus), None),
        ("duration_secs", "duration_secs", None, None),
        ("sample_rate", "sample_rate", None, None),
        ("channels", "channels", None, None),
        ("preview_url", "preview_url", None, None),
        ("is_platform", "is_platform", None, None),
        ("created_at", "created_at", load_datetime, None),
    )
