from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..models.document_status import DocumentStatus
from ..models.document_sync_status import DocumentSyncStatus
from ..models.document_type import DocumentType
from ..types import Load, Model, Unset, load_datetime, load_enum


@define(kw_only=True, repr=False)
class LinkedDocument(Model):
    """Found at LinkedDocumentList.documents[].

    Attributes:
        id (str): Named id here, document_id in the link response.
        name (str): Name shown to people.
        type_ (DocumentType):
        status (DocumentStatus):
        file_size (int | None): Bytes; likely absent for web links.
        sync_status (DocumentSyncStatus):
        synced_at (datetime.datetime | None): Likely null before the first sync.
        linked_at (datetime.datetime): Time of linking.
    """

    id: str
    name: str
    type_: DocumentType
    status: DocumentStatus
    file_size: int | None
    sync_status: DocumentSyncStatus
    synced_at: datetime.datetime | None
    linked_at: datetime.datetime
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("name", "name", None, None),
        ("type_", "type", load_enum(DocumentType), None),
        ("status", "status", load_enum(DocumentStatus), None),
        ("file_size", "file_size", None, None),
        ("sync_status", "sync_status", load_enum(DocumentSyncStatus), None),
        ("synced_at", "synced_at", load_datetime, None),
        ("linked_at", "linked_at", load_datetime, None),
    )
