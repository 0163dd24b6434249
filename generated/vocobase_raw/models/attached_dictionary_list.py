from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..models.attached_dictionary import AttachedDictionary
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class AttachedDictionaryList(Model):
    """Payload of agents.dictionaries.list, agents.dictionaries.replace.

    Attributes:
        dictionaries (list[AttachedDictionary]): Attached dictionaries, summary form.
    """

    dictionaries: list[AttachedDictionary]
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("dictionaries", "dictionaries", load_list(load_model(AttachedDictionary)), None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
