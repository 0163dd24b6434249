from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

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
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("agent_id", "agent_id", None, None),
        ("variables", "variables", None, UNSET),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
