from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class DocumentFoldersCreateRequest(Model):
    """Request body of document_folders.create.

    Attributes:
        name (str): Unique per account; required is inferred. (maxLength 100)
        description (str | Unset): Free text.
    """

    name: str
    description: str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, None),
        ("description", "description", None, UNSET),
    )
