from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class ExotelCredentials(Model):
    """Payload of config.telephony.set_exotel.

    Attributes:
        account_sid (str): Masked: first four characters, asterisks, last four characters.
        subdomain (str): Regional API host.
        caller_id (str): Number shown to the called person.
        applet_id (str): Carrier flow that takes the call.
        message (str): Confirmation text.
    """

    account_sid: str
    subdomain: str
    caller_id: str
    applet_id: str
    message: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("account_sid", "account_sid", None, None),
        ("subdomain", "subdomain", None, None),
        ("caller_id", "caller_id", None, None),
        ("applet_id", "applet_id", None, None),
        ("message", "message", None, None),
    )
