from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset, load_datetime


@define(kw_only=True, repr=False)
class AttachedDictionary(Model):
    """Found at AttachedDictionaryList.dictionaries[].

    Attributes:
        id (str): Opaque identifier.
        name (str): Name shown to people.
        term_count (int): Number of terms.
        char_count (int): Counted by the server.
        attached_agent_count (int): Number of agents that use it.
        created_at (datetime.datetime): Time of creation.
        updated_at (datetime.datetime): Time of the last change.
    """

    id: str
    name: str
    term_count: int
    char_count: int
    attached_agent_count: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("name", "name", None, None),
        ("term_count", "term_count", None, None),
        ("char_count", "char_count", None, None),
        ("attached_agent_count", "attached_agent_count", None, None),
        ("created_at", "created_at", load_datetime, None),
        ("updated_at", "updated_at", load_datetime, None),
    )
