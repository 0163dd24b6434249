from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class ConfigTelephonySetVobizRequest(Model):
    """Request body of config.telephony.set_vobiz.

    Attributes:
        auth_id (str): Begins with MA_.
        auth_token (str): Alphanumeric.
        from_number (str): Caller id; a number that Vobiz provisioned for the account, enabled for
            outbound voice. E.164. (pattern ^\\+[1-9]\\d{6,14}$)
    """

    auth_id: str
    auth_token: str
    from_number: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("auth_id", "auth_id", None, None),
        ("auth_token", "auth_token", None, None),
        ("from_number", "from_number", None, None),
    )
