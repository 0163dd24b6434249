from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset, load_datetime


@define(kw_only=True, repr=False)
class CreatedWebhookEndpoint(Model):
    """Payload of config.webhooks.create.

    Attributes:
        id (str): Opaque identifier.
        label (str): Label of the record.
        url (str): Address.
        enabled (bool): Whether new events are sent to it.
        last_delivery_at (datetime.datetime | None): Null before the first delivery.
        last_delivery_status (None | str): Only null is documented; type and values unknown, a string is
            assumed.
        created_at (datetime.datetime): Time of creation.
        updated_at (datetime.datetime): Time of the last change.
        secret (str): Signing secret, begins with whsec_; returned only here and by rotate_secret.
        message (str): Reminder to save the secret.
    """

    id: str
    label: str
    url: str
    enabled: bool
    last_delivery_at: datetime.datetime | None
    last_delivery_status: None | str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    secret: str
    message: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("label", "label", None, None),
        ("url", "url", None, None),
        ("enabled", "enabled", None, None),
        ("last_delivery_at", "last_delivery_at", load_datetime, None),
        ("last_delivery_status", "last_delivery_status", None, None),
        ("created_at", "created_at", load_datetime, None),
        ("updated_at", "updated_at", load_datetime, None),
        ("secret", "secret", None, None),
        ("message", "message", None, None),
    )
