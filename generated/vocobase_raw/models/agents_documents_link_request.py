from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class AgentsDocumentsLinkRequest(Model):
    """Request body of agents.documents.link.

    Attributes:
        document_ids (list[str]): Documents to link. (minItems 1, maxItems 20)
    """

    document_ids: list[str]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("document_ids", "document_ids", None, None),
    )
