from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class ConfigTelephonySetTwilioRequest(Model):
    """Request body of config.telephony.set_twilio.

    Attributes:
        account_sid (str): Account SID.
        auth_token (str): Carrier auth token.
        from_number (str): Default caller id. E.164. (pattern ^\\+[1-9]\\d{6,14}$)
    """

    account_sid: str
    auth_token: str
    from_number: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("account_sid", "account_sid", None, None),
        ("auth_token", "auth_token", None, None),
        ("from_number", "from_number", None, None),
    )
