from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class TwilioCredentials(Model):
    """Payload of config.telephony.set_twilio.

    Attributes:
        account_sid (str): Masked.
        from_number (str): Calling number.
        message (str): Confirmation text.
    """

    account_sid: str
    from_number: str
    message: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("account_sid", "account_sid", None, None),
        ("from_number", "from_number", None, None),
        ("message", "message", None, None),
    )
