from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class DefaultWebhookState(Model):
    """State of the legacy single webhook.

    Attributes:
        configured (bool): Whether it is set up.
        url (None | str): Address.
        secret (None | str): Null when none is set, otherwise masked.
    """

    configured: bool
    url: None | str
    secret: None | str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("configured", "configured", None, None),
        ("url", "url", None, None),
        ("secret", "secret", None, None),
    )
