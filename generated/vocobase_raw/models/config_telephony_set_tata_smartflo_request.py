from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class ConfigTelephonySetTataSmartfloRequest(Model):
    """Request body of config.telephony.set_tata_smartflo.

    Attributes:
        email (str): Panel login; named tata_email on telephony_connections.create.
        password (str): Panel password; named tata_password on telephony_connections.create; never
            returned.
        from_number (str): Caller id; one of the numbers that GET /v1/my_number of Smartflo lists; becomes
            the default outbound number. E.164. (pattern ^\\+[1-9]\\d{6,14}$)
        base_url (str | Unset): Smartflo API host; leave out for the standard host.
        agent_number (str | Unset): Outbound agent leg number; send it only after Vocobase has confirmed
            the value.
    """

    email: str
    password: str
    from_number: str
    base_url: str | Unset = UNSET
    agent_number: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("email", "email", None, None),
        ("password", "password", None, None),
        ("from_number", "from_number", None, None),
        ("base_url", "base_url", None, UNSET),
        ("agent_number", "agent_number", None, UNSET),
    )
