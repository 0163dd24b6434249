from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..models.linked_document import LinkedDocument
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class LinkedDocumentList(Model):
    """Payload of agents.documents.list.

    Attributes:
        documents (list[LinkedDocument]): Documents of the page.
        total (int): Number of linked documents.
    """

    documents: list[LinkedDocument]
    total: int
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("documents", "documents", load_list(load_model(LinkedDocument)), None),
        ("total", "total", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
