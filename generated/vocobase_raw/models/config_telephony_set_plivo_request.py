from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class ConfigTelephonySetPlivoRequest(Model):
    """Request body of config.telephony.set_plivo.

    Attributes:
        auth_id (str): 20 characters, beginning MA for an account or SA for a subaccount.
        auth_token (str): 40 alphanumeric characters.
        from_number (str): Caller id; a voice-enabled number that Plivo provisioned for the account.
            E.164. (pattern ^\\+[1-9]\\d{6,14}$)
    """

    auth_id: str
    auth_token: str
    from_number: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("auth_id", "auth_id", None, None),
        ("auth_token", "auth_token", None, None),
        ("from_number", "from_number", None, None),
    )
