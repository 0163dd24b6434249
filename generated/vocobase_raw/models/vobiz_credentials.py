from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class VobizCredentials(Model):
    """Payload of config.telephony.set_vobiz.

    Attributes:
        auth_id (str): Masked: first four characters, asterisks, last four characters.
        from_number (str): Calling number.
        message (str): Confirmation text.
    """

    auth_id: str
    from_number: str
    message: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("auth_id", "auth_id", None, None),
        ("from_number", "from_number", None, None),
        ("message", "message", None, None),
    )
