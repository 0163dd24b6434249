from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..models.document_agent import DocumentAgent
from ..models.document_status import DocumentStatus
from ..models.document_type import DocumentType
from ..types import Load, Model, Unset, load_datetime, load_enum, load_list, load_model


@define(kw_only=True, repr=False)
class DocumentDetails(Model):
    """Payload of documents.get.

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
        download_url (None | str): Temporary download link for a file, the original URL for a web link;
            likely null before the upload is confirmed.
        agents (list[DocumentAgent]): Linked agents.
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
    download_url: None | str
    agents: list[DocumentAgent]
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
        ("download_url", "download_url", None, None),
        ("agents", "agents", load_list(load_model(DocumentAgent)), None),
    )
