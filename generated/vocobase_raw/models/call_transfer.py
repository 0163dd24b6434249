from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class CallTransfer(Model):
    """Payload of calls.transfer.

    Attributes:
        message (str): Confirmation text.
        call_id (str): CamelCase, unlike call_id elsewhere.
        session_id (str): CamelCase, unlike session_id elsewhere.
    """

    message: str
    call_id: str
    session_id: str
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("message", "message", None, None),
        ("call_id", "callId", None, None),
        ("session_id", "sessionId", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
