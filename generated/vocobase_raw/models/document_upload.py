from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import (
    Identified,
    Load,
    Model,
    Unset,
)


@define(kw_only=True, repr=False)
class DocumentUpload(Identified, Model):
    """Payload of documents.create_upload.

    Attributes:
        document_id (str): Id of the new record; named document_id here, id elsewhere.
        upload_url (str): Presigned URL for the PUT.
        expires_in (int): Seconds the URL stays valid; 15 minutes.
    """

    document_id: str
    upload_url: str
    expires_in: int
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("document_id", "document_id", None, None),
        ("upload_url", "upload_url", None, None),
        ("expires_in", "expires_in", None, None),
    )

    _identifier: ClassVar[str] = "document_id"
