from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class VoiceLinkClient(Model):
    """Found at VoiceLinkClientList.data[].

    Attributes:
        id (int): Opaque identifier.
        first_name (str): First name.
        last_name (str): Last name.
        username (str): User name.
        email (str): E-mail address.
        status (int): Current state.
        channel_count (int): Number of simultaneous channels.
    """

    id: int
    first_name: str
    last_name: str
    username: str
    email: str
    status: int
    channel_count: int
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("first_name", "first_name", None, None),
        ("last_name", "last_name", None, None),
        ("username", "username", None, None),
        ("email", "email", None, None),
        ("status", "status", None, None),
        ("channel_count", "channel_count", None, None),
    )
