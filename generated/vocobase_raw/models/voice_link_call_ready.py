from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.voice_link_readiness import VoiceLinkReadiness
from ..models.voice_link_step import VoiceLinkStep
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class VoiceLinkCallReady(Model):
    """Payload of voicelink.dids.make_call_ready.

    Attributes:
        phone_number (str): Number in E.164.
        key (str): Digits of the number.
        ready (bool): Whether outbound calls can be made now.
        steps (list[VoiceLinkStep]): Steps taken, in order.
        readiness_before (VoiceLinkReadiness): Readiness item as in voicelink.state.sync.
        readiness (None | VoiceLinkReadiness): Readiness item after the run. The name is documented, its
            shape is inferred.
    """

    phone_number: str
    key: str
    ready: bool
    steps: list[VoiceLinkStep]
    readiness_before: VoiceLinkReadiness
    readiness: None | VoiceLinkReadiness
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("phone_number", "phone_number", None, None),
        ("key", "key", None, None),
        ("ready", "ready", None, None),
        ("steps", "steps", load_list(load_model(VoiceLinkStep)), None),
        ("readiness_before", "readiness_before", load_model(VoiceLinkReadiness), None),
        ("readiness", "readiness", load_model(VoiceLinkReadiness), None),
    )
