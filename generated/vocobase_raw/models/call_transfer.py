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
class CallTransfer(Identified, Model):
    """Payload of calls.transfer.

    Attributes:
        message (str): Confirmation text.
        call_id (str): CamelCase, unlike call_id elsewhere.
        session_id (str): CamelCase, unlike session_id elsewhere.
    """

    message: str
    call_id: str
    session_id: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("message", "message", None, None),
        ("call_id", "callId", None, None),
        ("session_id", "sessionId", None, None),
    )

    _identifier: ClassVar[str] = "call_id"
