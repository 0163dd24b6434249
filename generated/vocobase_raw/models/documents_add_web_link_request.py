from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

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
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, None),
        ("url", "url", None, None),
        ("description", "description", None, UNSET),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
