from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class DocumentsAddWebLinkRequest(Model):
    """Request body of documents.add_web_link.

    Attributes:
        name (str): Inferred name and limits: display name. (minLength 1, maxLength 100)
        url (str): Address of the page.
        description (None | str | Unset): Free text.
    """

    name: str
    url: str
    description: None | str | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, None),
        ("url", "url", None, None),
        ("description", "description", None, UNSET),
    )
