from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class TataSmartfloCredentials(Model):
    """Payload of config.telephony.set_tata_smartflo.

    Attributes:
        email (str): Not masked.
        from_number (str): Calling number.
        base_url (str): API host of the carrier.
        agent_number (None | str): Outbound agent leg number.
        message (str): Confirmation text.
    """

    email: str
    from_number: str
    base_url: str
    agent_number: None | str
    message: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("email", "email", None, None),
        ("from_number", "from_number", None, None),
        ("base_url", "base_url", None, None),
        ("agent_number", "agent_number", None, None),
        ("message", "message", None, None),
    )
