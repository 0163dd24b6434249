from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class AgentsDictionariesReplaceRequest(Model):
    """Request body of agents.dictionaries.replace.

    Attributes:
        dictionary_ids (list[str]): The complete new set; an empty array detaches everything.
    """

    dictionary_ids: list[str]
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("dictionary_ids", "dictionary_ids", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
