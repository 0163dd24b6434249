from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.linked_document import LinkedDocument
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class LinkedDocumentList(Model):
    """Payload of agents.documents.list.

    Attributes:
        documents (list[LinkedDocument]): Documents of the page.
        total (int): Number of linked documents.
    """

    documents: list[LinkedDocument]
    total: int
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("documents", "documents", load_list(load_model(LinkedDocument)), None),
        ("total", "total", None, None),
    )
