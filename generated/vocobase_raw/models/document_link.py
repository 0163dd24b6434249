from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..models.document_sync_status import DocumentSyncStatus
from ..types import Load, Model, Unset, load_enum


@define(kw_only=True, repr=False)
class DocumentLink(Model):
    """Found at DocumentLinkResult.linked[].

    Attributes:
        document_id (str): Document identifier.
        sync_status (DocumentSyncStatus):
    """

    document_id: str
    sync_status: DocumentSyncStatus
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("document_id", "document_id", None, None),
        ("sync_status", "sync_status", load_enum(DocumentSyncStatus), None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
