from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset, load_datetime


@define(kw_only=True, repr=False)
class DocumentFolder(Model):
    """Payload of document_folders.create.

    Attributes:
        id (str): Opaque identifier.
        name (str): Name shown to people.
        description (None | str): Free text.
        document_count (int): Number of documents in it.
        agent_count (int): Number of agents in it.
        created_at (datetime.datetime): Time of creation.
        updated_at (datetime.datetime): Time of the last change.
    """

    id: str
    name: str
    description: None | str
    document_count: int
    agent_count: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("name", "name", None, None),
        ("description", "description", None, None),
        ("document_count", "document_count", None, None),
        ("agent_count", "agent_count", None, None),
        ("created_at", "created_at", load_datetime, None),
        ("updated_at", "updated_at", load_datetime, None),
    )
