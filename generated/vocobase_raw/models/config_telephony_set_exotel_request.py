from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class ConfigTelephonySetExotelRequest(Model):
    """Request body of config.telephony.set_exotel.

    Attributes:
        account_sid (str): Exotel account SID.
        api_key (str): Carrier API key.
        api_token (str): Named api_token here; telephony_connections.create has no field of that name.
        subdomain (str): Regional API host, typically api.exotel.com or api.in.exotel.com; not an enum.
        caller_id (str): Exotel number shown as caller; must be provisioned for the account. E.164.
            (pattern ^\\+[1-9]\\d{6,14}$)
        applet_id (str): Id of the Exotel applet (flow) that takes the call; a string of digits.
    """

    account_sid: str
    api_key: str
    api_token: str
    subdomain: str
    caller_id: str
    applet_id: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("account_sid", "account_sid", None, None),
        ("api_key", "api_key", None, None),
        ("api_token", "api_token", None, None),
        ("subdomain", "subdomain", None, None),
        ("caller_id", "caller_id", None, None),
        ("applet_id", "applet_id", None, None),
    )
