from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class ConfigTelephonySetMcubeRequest(Model):
    """Request body of config.telephony.set_mcube.

    Attributes:
        jwt_token (str): MCube JWT; name from telephony_connections.create.
        exe_number (str): MCube line used for outbound; national format allowed; name and pattern from
            telephony_connections.create. (pattern ^\\+?\\d{4,15}$)
    """

    jwt_token: str
    exe_number: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("jwt_token", "jwt_token", None, None),
        ("exe_number", "exe_number", None, None),
    )
