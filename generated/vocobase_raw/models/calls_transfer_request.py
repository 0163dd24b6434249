from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class CallsTransferRequest(Model):
    """Request body of calls.transfer.

    Attributes:
        to (str | Unset): Destination; the transferNumber of the agent when left out. E.164. (pattern
            ^\\+[1-9]\\d{6,14}$)
    """

    to: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (("to", "to", None, UNSET),)
