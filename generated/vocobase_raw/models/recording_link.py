from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import (
    Identified,
    Load,
    Model,
    Unset,
)


@define(kw_only=True, repr=False)
class RecordingLink(Identified, Model):
    """Payload of calls.recording_url.

    Attributes:
        recording_url (str): Presigned download link, valid 7 days.
        call_id (None | str): Call identifier.
    """

    recording_url: str
    call_id: None | str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("recording_url", "recording_url", None, None),
        ("call_id", "call_id", None, None),
    )

    _identifier: ClassVar[str] = "call_id"
