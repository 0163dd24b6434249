from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class AgentsDictionariesReplaceRequest(Model):
    """Request body of agents.dictionaries.replace.

    Attributes:
        dictionary_ids (list[str]): The complete new set; an empty array detaches everything.
    """

    dictionary_ids: list[str]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("dictionary_ids", "dictionary_ids", None, None),
    )
