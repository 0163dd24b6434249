from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.document_sync_status import DocumentSyncStatus
from ..types import (
    Identified,
    Load,
    Model,
    Unset,
    load_enum,
)


@define(kw_only=True, repr=False)
class DocumentLink(Identified, Model):
    """Found at DocumentLinkResult.linked[].

    Attributes:
        document_id (str): Document identifier.
        sync_status (DocumentSyncStatus):
    """

    document_id: str
    sync_status: DocumentSyncStatus
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("document_id", "document_id", None, None),
        ("sync_status", "sync_status", load_enum(DocumentSyncStatus), None),
    )

    _identifier: ClassVar[str] = "document_id"
