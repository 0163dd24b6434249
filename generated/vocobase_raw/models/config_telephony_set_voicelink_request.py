from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class ConfigTelephonySetVoicelinkRequest(Model):
    """Request body of config.telephony.set_voicelink.

    Attributes:
        username (str): User name.
        password (str): Password.
        did_number (str | Unset): Default number. E.164. (pattern ^\\+[1-9]\\d{6,14}$)
        base_url (str | Unset): Other API host.
    """

    username: str
    password: str
    did_number: str | Unset = UNSET
    base_url: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("username", "username", None, None),
        ("password", "password", None, None),
        ("did_number", "did_number", None, UNSET),
        ("base_url", "base_url", None, UNSET),
    )
