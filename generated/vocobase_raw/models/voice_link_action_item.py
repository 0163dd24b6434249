from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.voice_link_action_code import VoiceLinkActionCode
from ..types import Load, Model, Unset, load_enum


@define(kw_only=True, repr=False)
class VoiceLinkActionItem(Model):
    """Found at VoiceLinkReadiness.action_items[].

    Attributes:
        code (VoiceLinkActionCode):
        label (str): Label of the record.
    """

    code: VoiceLinkActionCode
    label: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("code", "code", load_enum(VoiceLinkActionCode), None),
        ("label", "label", None, None),
    )
