from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class McubeCredentials(Model):
    """Payload of config.telephony.set_mcube.

    Attributes:
        exe_number (str): MCube line used for outbound calls.
        message (str): Confirmation text.
    """

    exe_number: str
    message: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("exe_number", "exe_number", None, None),
        ("message", "message", None, None),
    )
