from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.document_link import DocumentLink
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class DocumentLinkResult(Model):
    """Payload of agents.documents.link.

    Attributes:
        linked (list[DocumentLink]): Newly linked documents.
        skipped (list[str]): Ids that were linked before; plain strings, not objects.
    """

    linked: list[DocumentLink]
    skipped: list[str]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("linked", "linked", load_list(load_model(DocumentLink)), None),
        ("skipped", "skipped", None, None),
    )
