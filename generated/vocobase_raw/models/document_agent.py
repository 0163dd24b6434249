from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.document_sync_status import DocumentSyncStatus
from ..types import Load, Model, Unset, load_enum


@define(kw_only=True, repr=False)
class DocumentAgent(Model):
    """Found at DocumentDetails.agents[].

    Attributes:
        id (str): Opaque identifier.
        name (str): Named name, not agent_name.
        sync_status (DocumentSyncStatus):
    """

    id: str
    name: str
    sync_status: DocumentSyncStatus
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("name", "name", None, None),
        ("sync_status", "sync_status", load_enum(DocumentSyncStatus), None),
    )
