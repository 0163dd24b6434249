from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.document import Document
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class DocumentList(Model):
    """Payload of documents.list.

    Attributes:
        documents (list[Document]): Documents of the page.
        total (int): Number of rows over all pages.
        limit (int): Page size that applies.
        offset (int): Rows skipped before this page.
    """

    documents: list[Document]
    total: int
    limit: int
    offset: int
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("documents", "documents", load_list(load_model(Document)), None),
        ("total", "total", None, None),
        ("limit", "limit", None, None),
        ("offset", "offset", None, None),
    )
