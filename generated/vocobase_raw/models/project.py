from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset, load_datetime


@define(kw_only=True, repr=False)
class Project(Model):
    """Payload of projects.create, projects.get, projects.update.

    Attributes:
        id (str): Plain string on the projects pages, uuid in project_id of agents; treat as opaque.
        name (str): Name shown to people.
        description (None | str): Free text.
        is_default (bool): True for the project created at account approval.
        agent_count (int): Number of agents in it.
        created_at (datetime.datetime): Time of creation.
        updated_at (datetime.datetime): Time of the last change.
    """

    id: str
    name: str
    description: None | str
    is_default: bool
    agent_count: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("name", "name", None, None),
        ("description", "description", None, None),
        ("is_default", "is_default", None, None),
        ("agent_count", "agent_count", None, None),
        ("created_at", "created_at", load_datetime, None),
        ("updated_at", "updated_at", load_datetime, None),
    )
