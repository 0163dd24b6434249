from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..models.document_status import DocumentStatus
from ..models.document_type import DocumentType
from ..types import Load, Model, Unset, load_datetime, load_enum


@define(kw_only=True, repr=False)
class Document(Model):
    """Payload of documents.confirm, documents.add_web_link, documents.update.

    Attributes:
        id (str): Opaque identifier.
        name (str): Name shown to people.
        description (None | str): Free text.
        type_ (DocumentType):
        status (DocumentStatus):
        file_size (int | None): Bytes; likely null for web links.
        mime_type (None | str): Likely null for web links.
        created_at (datetime.datetime): Time of creation.
        updated_at (datetime.datetime): Time of the last change.
        agent_count (int): Number of agents the document is linked to.
    """

    id: str
    name: str
    description: None | str
    type_: DocumentType
    status: DocumentStatus
    file_size: int | None
    mime_type: None | str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    agent_count: int
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("name", "name", None, None),
        ("description", "description", None, None),
        ("type_", "type", load_enum(DocumentType), None),
        ("status", "status", load_enum(DocumentStatus), None),
        ("file_size", "file_size", None, None),
        ("mime_type", "mime_type", None, None),
        ("created_at", "created_at", load_datetime, None),
        ("updated_at", "updated_at", load_datetime, None),
        ("agent_count", "agent_count", None, None),
    )
