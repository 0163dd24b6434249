from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class DocumentFoldersAddDocumentRequest(Model):
    """Request body of document_folders.add_document.

    Attributes:
        document_ids (list[str]): Documents to add; several at once although the facade verb is singular.
    """

    document_ids: list[str]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("document_ids", "document_ids", None, None),
    )
