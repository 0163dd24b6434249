from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class DocumentUpload(Model):
    """Payload of documents.create_upload.

    Attributes:
        document_id (str): Id of the new record; named document_id here, id elsewhere.
        upload_url (str): Presigned URL for the PUT.
        expires_in (int): Seconds the URL stays valid; 15 minutes.
    """

    document_id: str
    upload_url: str
    expires_in: int
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("document_id", "document_id", None, None),
        ("upload_url", "upload_url", None, None),
        ("expires_in", "expires_in", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
