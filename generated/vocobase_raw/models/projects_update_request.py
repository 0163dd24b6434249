from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class ProjectsUpdateRequest(Model):
    """Request body of projects.update.

    Attributes:
        name (str | Unset): Name shown to people. (maxLength 100)
        description (str | Unset): Free text. (maxLength 500)
    """

    name: str | Unset = UNSET
    description: str | Unset = UNSET
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("name", "name", None, UNSET),
        ("description", "description", None, UNSET),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
