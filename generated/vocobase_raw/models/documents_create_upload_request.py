from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class DocumentsCreateUploadRequest(Model):
    """Request body of documents.create_upload.

    Attributes:
        name (str): Display name. (minLength 1, maxLength 100)
        file_size (int): Byte size of the file (50 MiB at most) (minimum 1, maximum 52428800)
        mime_type (str): The later PUT must carry the same Content-Type. Known values: application/pdf,
            application/vnd.openxmlformats-officedocument.wordprocessingml.document, text/plain,
            text/markdown, image/png, image/jpeg, image/gif, image/webp.
    """

    name: str
    file_size: int
    mime_type: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, None),
        ("file_size", "file_size", None, None),
        ("mime_type", "mime_type", None, None),
    )
