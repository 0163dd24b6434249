from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class DocumentsUpdateRequest(Model):
    """Request body of documents.update. At least one field is required.

    Attributes:
        name (str | Unset): Limits from create_upload. (minLength 1, maxLength 100)
        description (None | str | Unset): Free text.
    """

    name: str | Unset = UNSET
    description: None | str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, UNSET),
        ("description", "description", None, UNSET),
    )
