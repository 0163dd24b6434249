from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.json_object import JsonObject
from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class SessionsStartWebrtcRequest(Model):
    """Request body of sessions.start_webrtc.

    Attributes:
        agent_id (str): Agent that will talk.
        variables (JsonObject | Unset): Any JSON object.
    """

    agent_id: str
    variables: JsonObject | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("agent_id", "agent_id", None, None),
        ("variables", "variables", None, UNSET),
    )
